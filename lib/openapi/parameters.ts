import type { JsonSchema, RequestSchemas } from '../config.ts'
import { child } from '../json-pointer.ts'
import { exampleValues } from './examples.ts'
import { isForm } from '../whole-query.ts'
import { isObject, listAt, textAt, type JsonObject } from './json-object.ts'
import type { Target } from './refs.ts'
import { createScope, type ImportContext, type Scope } from './scope.ts'
import { parameterOf2 } from './swagger2.ts'

/** A parameter as the configuration has it: a property of one of the request's schemas. */
interface Parameter {
  readonly name: string
  readonly location: keyof typeof LOCATIONS
  readonly required: boolean
  readonly schema: JsonSchema
  readonly scope: Scope
}

type Part = Exclude<keyof RequestSchemas, 'body'>

const LOCATIONS = { path: 'params', query: 'querystring', header: 'headers', cookie: 'cookies', querystring: 'querystring' } as const satisfies Record<string, Part>

/** How a location writes values unless told otherwise (OpenAPI 3.1, section 4.8.12.2). */
const STYLE = { path: 'simple', query: 'form', header: 'simple', cookie: 'form', querystring: 'form' } as const

/** Headers that have keywords of their own in OpenAPI; declared as parameters they do not count (section 4.8.12.2). */
export const IGNORED_HEADERS = new Set(['accept', 'content-type', 'authorization'])

export type ParameterImporter = (item: Target, operation: Target, path: string, scope: Scope) => Partial<Record<Part, JsonSchema>>

/**
 * Imports the parameters of operations: those of the path and those of the operation, which win. Each is converted once,
 * however many operations refer to it.
 */
export function createParameterImporter (context: ImportContext): ParameterImporter {
  const known = new Map<JsonObject, Parameter | undefined>()

  function importOne ({ value, pointer }: Target): Parameter | undefined {
    if (!isObject(value)) return undefined
    if (!known.has(value)) known.set(value, read(context, value, pointer))
    return known.get(value)
  }

  return (item, operation, path, scope) => {
    const parameters = new Map<string, Parameter>()
    for (const { value, pointer } of [item, operation]) {
      if (!isObject(value)) continue
      const at = child(pointer, 'parameters')
      for (const [index, declared] of listAt(value, 'parameters').entries()) {
        const target = scope.follow(declared, child(at, index))
        if (target === undefined || isBodyOf2(target.value)) continue
        const parameter = importOne(target)
        if (parameter === undefined) scope.lose(child(at, index), 'a parameter needs a name, and one of path, query, header, cookie as `in`')
        else parameters.set(`${parameter.location} ${parameter.name}`, parameter)
      }
    }
    return gather(parameters.values(), path, scope, operation.pointer)
  }
}

/** OpenAPI 2.0 has the body among the parameters; it is imported with the bodies. */
const isBodyOf2 = (value: unknown): boolean => isObject(value) && (value.in === 'body' || value.in === 'formData')

function read (context: ImportContext, declared: JsonObject, pointer: string): Parameter | undefined {
  const is2 = context.family === '2.0'
  const value = is2 ? parameterOf2(declared) : declared
  const { name, in: location } = value
  if (typeof name !== 'string' || !isLocation(location)) return undefined
  const scope = createScope(context)
  const { schema, content } = schemaOf(value, pointer, is2 ? pointer : child(pointer, 'schema'), scope)
  const annotations = { ...content === undefined ? styleOf(value, location) : { content }, ...examplesOf(context, value, schema) }
  return {
    name: location === 'header' ? name.toLowerCase() : name,
    location,
    required: location === 'path' || value.required === true,
    schema: annotate(schema, annotations),
    scope
  }
}

const isLocation = (value: unknown): value is keyof typeof LOCATIONS => typeof value === 'string' && Object.hasOwn(LOCATIONS, value)

/** A parameter has a schema, or one content type with a schema, whose text is then the value. */
function schemaOf (value: JsonObject, pointer: string, schemaPointer: string, scope: Scope): { schema: JsonSchema, content?: string } {
  if (value.schema !== undefined || !isObject(value.content)) {
    return { schema: value.schema === undefined ? {} : scope.convert(value.schema, schemaPointer) }
  }
  const [entry] = Object.entries(value.content)
  if (entry === undefined) return { schema: {} }
  const at = child(child(pointer, 'content'), entry[0])
  const media = scope.follow(entry[1], at)
  if (media === undefined || !isObject(media.value) || media.value.schema === undefined) return { schema: {}, content: entry[0] }
  return { schema: scope.convert(media.value.schema, child(media.pointer, 'schema')), content: entry[0] }
}

/** What differs from the location's way of writing. */
function styleOf (value: JsonObject, location: keyof typeof STYLE): JsonObject {
  const style = textAt(value, 'style') ?? STYLE[location]
  const annotations: JsonObject = {}
  if (style !== STYLE[location]) annotations.style = style
  if (style !== 'deepObject' && typeof value.explode === 'boolean' && value.explode !== (style === 'form')) annotations.explode = value.explode
  if (value.allowEmptyValue === true) annotations.allowEmptyValue = true
  return annotations
}

function examplesOf (context: ImportContext, value: JsonObject, schema: JsonSchema): JsonObject {
  if (isObject(schema) && schema.examples !== undefined) return {}
  const examples = exampleValues(context, value)
  return examples.length === 0 ? {} : { examples }
}

function annotate (schema: JsonSchema, annotations: JsonObject): JsonSchema {
  if (Object.keys(annotations).length === 0) return schema
  if (isObject(schema)) return { ...schema, ...annotations }
  return schema ? annotations : { not: {}, ...annotations }
}

/** Where it need not be there, an empty query is none. That it is a form need not be said. */
function wholeSchema ({ schema, required }: Parameter): JsonSchema {
  const { content, ...rest }: JsonObject = isObject(schema) ? schema : {}
  const own = isObject(schema) ? rest : schema
  const kept = typeof content !== 'string' || isForm(content) ? {} : { content }
  if (!required && !takesNothing(own)) return { ...kept, anyOf: [{ type: 'object', maxProperties: 0 }, own] }
  return isObject(own) ? { ...kept, ...own } : own
}

/** Whether an empty object plainly fits. */
const takesNothing = (schema: JsonSchema): boolean => isObject(schema)
  ? (schema.type === undefined || schema.type === 'object') && !DEMANDING.some(keyword => schema[keyword] !== undefined)
  : schema === true

const DEMANDING = ['$ref', 'required', 'minProperties', 'allOf', 'anyOf', 'oneOf', 'not', 'if', 'const', 'enum']

function gather (parameters: Iterable<Parameter>, path: string, scope: Scope, pointer: string): Partial<Record<Part, JsonSchema>> {
  const properties: Partial<Record<Part, Array<[string, JsonSchema]>>> = {}
  const required: Partial<Record<Part, string[]>> = {}
  /** OpenAPI 3.2: one parameter is the whole query. */
  const whole: JsonSchema[] = []

  for (const parameter of parameters) {
    const { name, location, schema } = parameter
    if (location === 'header' && IGNORED_HEADERS.has(name)) continue
    if (location === 'path' && !path.includes(`{${name}}`) && !path.includes(`{+${name}}`)) {
      scope.lose(pointer, `path parameter '${name}' does not stand in the path`)
      continue
    }
    scope.include(parameter.scope)
    if (location === 'querystring') {
      whole.push(wholeSchema(parameter))
      continue
    }
    const part = LOCATIONS[location];
    (properties[part] ??= []).push([name, schema])
    if (parameter.required) (required[part] ??= []).push(name)
  }

  const schemas: Partial<Record<Part, JsonSchema>> = {}
  for (const part of ['params', 'querystring', 'headers', 'cookies'] as const) {
    const listed = properties[part]
    if (listed === undefined) continue
    const schema: JsonObject = { type: 'object', properties: Object.fromEntries(listed) }
    if (required[part] !== undefined) schema.required = required[part]
    schemas[part] = schema
  }
  const [query] = whole
  if (query !== undefined) schemas.querystring = schemas.querystring === undefined ? query : { allOf: [query, schemas.querystring] }
  return schemas
}
