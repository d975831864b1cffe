import type { JsonSchema, RequestSchemas } from '../config.ts'
import { child } from '../json-pointer.ts'
import { essence } from '../media/media-type.ts'
import { isBodiless } from '../request-body.ts'
import { isObject, objectAt, type JsonObject } from './json-object.ts'
import type { Target } from './refs.ts'
import type { Scope } from './scope.ts'

/** How the fields of a form are written, by name. */
export type Encoding = Record<string, { contentType?: string, style?: string, explode?: boolean }>

/** A request's body as the document declares it, of whatever version that is. */
export interface DeclaredRequestBody {
  pointer: string
  required: boolean
  content: readonly DeclaredContent[]
}

interface DeclaredContent {
  type: string
  schema: unknown
  pointer: string
  /** Whether the schema is that of each item of a stream (`itemSchema` of OpenAPI 3.2). */
  isOfItems?: boolean
  encoding?: Encoding | undefined
}

/** The body of an operation of OpenAPI 3. */
export function requestBodyOf (operation: Target, scope: Scope): DeclaredRequestBody | undefined {
  if (!isObject(operation.value) || operation.value.requestBody === undefined) return undefined
  const target = scope.follow(operation.value.requestBody, child(operation.pointer, 'requestBody'))
  if (target === undefined || !isObject(target.value)) return undefined
  const { content, required } = target.value
  if (!isObject(content)) return undefined
  const at = child(target.pointer, 'content')
  return {
    pointer: target.pointer,
    required: required === true,
    content: Object.entries(content).map(([type, declared]) => {
      const media = scope.follow(declared, child(at, type))
      const value = media !== undefined && isObject(media.value) ? media.value : {}
      const isOfItems = value.schema === undefined && value.itemSchema !== undefined
      const key = isOfItems ? 'itemSchema' : 'schema'
      return { type, schema: value[key], pointer: child(media?.pointer ?? at, key), isOfItems, encoding: encodingOf(objectAt(value, 'encoding')) }
    })
  }
}

/** How the parts of a form are written: what the configuration can use of it. */
function encodingOf (declared: JsonObject | undefined): Encoding | undefined {
  const parts = Object.entries(declared ?? {}).flatMap(([name, part]): Array<[string, Encoding[string]]> => {
    if (!isObject(part)) return []
    const { contentType, style, explode } = part
    const kept = { ...typeof contentType === 'string' && { contentType }, ...typeof style === 'string' && { style }, ...typeof explode === 'boolean' && { explode } }
    return Object.keys(kept).length === 0 ? [] : [[name, kept]]
  })
  return parts.length === 0 ? undefined : Object.fromEntries(parts)
}

/**
 * The schema of a request's body: the short form for a JSON body that has to be there, else one schema for each content type.
 * Undefined when the operation takes none.
 */
export function bodySchema (declared: DeclaredRequestBody | undefined, method: string, scope: Scope): RequestSchemas['body'] {
  if (declared === undefined || declared.content.length === 0) return undefined
  // Many clients cannot send one with these methods, and the specification would have it ignored (3.0.4, section 4.7.10.1).
  const isOptional = isBodiless(method)
  if (isOptional && declared.required) scope.lose(declared.pointer, `the body of a ${method} request may be missing`)
  const content = new Map<string, { schema?: JsonSchema, encoding?: Encoding }>()
  for (const { type, schema, pointer, isOfItems, encoding } of declared.content) {
    const name = contentType(type)
    if (content.has(name)) continue
    const converted = schema === undefined ? undefined : scope.convert(schema, pointer)
    content.set(name, { ...converted !== undefined && { schema: isOfItems === true ? { type: 'array', items: converted } : converted }, ...encoding !== undefined && { encoding } })
  }
  const json = content.get('application/json')
  // A schema with a keyword `content` would be taken for the long form.
  const required = declared.required && !isOptional
  if (required && content.size === 1 && json?.schema !== undefined && !(isObject(json.schema) && 'content' in json.schema)) return json.schema
  return { required, content: Object.fromEntries(content) }
}

/** Types are told apart in lower case and without their parameters (RFC 9110, section 8.3.1). */
function contentType (declared: string): string {
  const type = essence(declared)
  return type.includes('/') ? type : /json/.test(type) ? 'application/json' : /xml/.test(type) ? 'application/xml' : '*/*'
}
