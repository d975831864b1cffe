import { child } from '../json-pointer.ts'
import { isObject, listAt, objectAt, textsAt, type JsonObject } from './json-object.ts'
import type { DeclaredRequestBody } from './request-bodies.ts'
import type { Target } from './refs.ts'
import type { Scope } from './scope.ts'

/** OpenAPI 2.0 (Swagger), read in the terms of 3.0. */

const PARAMETER_KEYS = new Set(['name', 'in', 'required', 'description', 'collectionFormat', 'allowEmptyValue', 'x-example', 'x-examples'])

interface Style {
  style?: string
  explode: boolean
}

/** How 3.0 says what `collectionFormat` says; `multi` is the way of a query by default. */
const STYLES: Readonly<Record<string, Style>> = {
  csv: { explode: false },
  ssv: { style: 'spaceDelimited', explode: false },
  tsv: { style: 'tabDelimited', explode: false },
  pipes: { style: 'pipeDelimited', explode: false },
  multi: { explode: true }
}

/** The parameter as 3.0 would have it: its schema apart, its `collectionFormat` as `style` and `explode`. */
export function parameterOf2 (parameter: JsonObject): JsonObject {
  const { name, in: location, required, allowEmptyValue } = parameter
  return {
    name,
    in: location,
    required,
    allowEmptyValue,
    schema: schemaOf2(parameter),
    ...isList(parameter) && styleOf2(parameter),
    ...parameter['x-example'] !== undefined && { example: parameter['x-example'] }
  }
}

const schemaOf2 = (parameter: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(parameter).filter(([key]) => !PARAMETER_KEYS.has(key)))

const isList = (parameter: JsonObject): boolean => parameter.type === 'array'

const styleOf2 = ({ collectionFormat }: JsonObject): Style | undefined => STYLES[typeof collectionFormat === 'string' ? collectionFormat : 'csv']

/** The body, which in 2.0 is one parameter, or all those of a form. */
export function requestBodyOf2 (document: JsonObject, item: Target, operation: Target, scope: Scope): DeclaredRequestBody | undefined {
  const form = new Map<string, JsonObject>()
  let body: { value: JsonObject, pointer: string } | undefined
  for (const { value, pointer } of [item, operation]) {
    if (!isObject(value)) continue
    for (const [index, declared] of listAt(value, 'parameters').entries()) {
      // What leads nowhere is told where the other parameters are imported.
      const target = scope.find(declared, child(child(pointer, 'parameters'), index))
      if (target === undefined || !isObject(target.value)) continue
      if (target.value.in === 'body') body = { value: target.value, pointer: target.pointer }
      else if (target.value.in === 'formData' && typeof target.value.name === 'string') form.set(target.value.name, target.value)
    }
  }
  const types = typesOf(document, operation.value, 'consumes')
  if (body !== undefined) {
    const { value, pointer } = body
    return {
      pointer,
      required: value.required === true,
      content: (types ?? ['application/json']).map(type => ({ type, schema: value.schema, pointer: child(pointer, 'schema') }))
    }
  }
  return form.size === 0 ? undefined : formOf(form, types, child(operation.pointer, 'parameters'))
}

function formOf (fields: ReadonlyMap<string, JsonObject>, types: readonly string[] | undefined, pointer: string): DeclaredRequestBody {
  const hasFile = [...fields.values()].some(({ type }) => type === 'file')
  const required = [...fields].filter(([, field]) => field.required === true).map(([name]) => name)
  const lists = [...fields].filter(([, field]) => isList(field) && field.collectionFormat !== 'multi')
  const schema = {
    type: 'object',
    properties: Object.fromEntries([...fields].map(([name, field]) => [name, schemaOf2(field)])),
    ...required.length > 0 && { required }
  }
  const forms = (types ?? []).filter(type => /form/i.test(type) && (!hasFile || /multipart/i.test(type)))
  const encoding = lists.length === 0 ? undefined : Object.fromEntries(lists.map(([name, field]) => [name, { style: 'form', ...styleOf2(field) }]))
  return {
    pointer,
    required: required.length > 0,
    content: (forms.length > 0 ? forms : [hasFile ? 'multipart/form-data' : 'application/x-www-form-urlencoded'])
      .map(type => ({ type, schema, pointer, encoding }))
  }
}

/**
 * What a response holds, by content type: in 2.0 one schema for all that the operation produces, and examples by type.
 */
export function contentOf2 (document: JsonObject, operation: unknown, response: JsonObject): Array<[string, JsonObject]> {
  const examples = Object.entries(objectAt(response, 'examples') ?? {}).filter(([type]) => type.includes('/'))
  const { schema } = response
  if (schema === undefined) return examples.map(([type, example]) => [type, { example }])
  const isFile = isObject(schema) && schema.type === 'file'
  const produced = typesOf(document, operation, 'produces') ?? (examples.length > 0 ? [] : [isFile ? 'application/octet-stream' : 'application/json'])
  const types = new Set([...produced, ...examples.map(([type]) => type)])
  const byType = new Map(examples)
  return [...types].map(type => [type, byType.has(type) ? { schema, example: byType.get(type) } : { schema }])
}

/** What the operation says, else what the document says; an empty list says nothing. */
function typesOf (document: JsonObject, operation: unknown, key: 'consumes' | 'produces'): string[] | undefined {
  const own = isObject(operation) && operation[key] !== undefined ? textsAt(operation, key) : textsAt(document, key)
  return own.length === 0 ? undefined : own
}
