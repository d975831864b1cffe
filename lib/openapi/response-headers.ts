import type { Headers } from '../config.ts'
import { child } from '../json-pointer.ts'
import { exampleValues } from './examples.ts'
import { isObject, membersOf, textAt, type JsonObject } from './json-object.ts'
import { declaredValue, sampleValue, typeOf } from './sample.ts'
import type { ImportContext, Scope } from './scope.ts'
import { usualHeader } from './usual-header.ts'

/** Headers that the server makes itself, of the body and the connection it really has. */
const OWN = new Set(['content-type', 'content-length', 'content-encoding', 'transfer-encoding', 'connection', 'keep-alive', 'upgrade', 'trailer', 'te', 'date'])

/**
 * The headers of a declared response, with values: the example, or what the schema tells, or one made up. A header that need
 * not be there, and of which only is known that it is a text, is left out.
 */
export function headersOf (context: ImportContext, declared: unknown, pointer: string, scope: Scope): Headers | undefined {
  const headers: Array<[string, Headers[string]]> = []
  const seen = new Set<string>()
  for (const [name, header] of membersOf(declared)) {
    const at = child(pointer, name)
    if (OWN.has(name.toLowerCase()) || seen.has(name.toLowerCase())) continue
    const target = scope.follow(header, at)
    if (target === undefined || !isObject(target.value)) continue
    const value = valueOf(context, target.value, name)
    if (value === undefined) continue
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || [value].flat().some(isForbidden)) {
      scope.lose(at, `header '${name}' has a name or a value that HTTP does not allow`)
      continue
    }
    seen.add(name.toLowerCase())
    headers.push([name, value])
  }
  return headers.length === 0 ? undefined : Object.fromEntries(headers)
}

/** Outside Latin-1, or a control character (RFC 9110, section 5.5). */
const isForbidden = (value: unknown): boolean => /[^\t\x20-\x7e\x80-\xff]/.test(String(value))

function valueOf (context: ImportContext, header: JsonObject, name: string): Headers[string] | undefined {
  const { refs } = context
  // In 2.0 the header is its own schema.
  const declared = header.schema ?? contentSchema(context, header) ?? header
  const target = refs.follow(declared, '')
  const schema = 'value' in target && isObject(target.value) ? target.value : {}
  const [example] = exampleValues(context, header)
  const told = example !== undefined ? { value: example } : declaredValue(schema)
  // The one header that cannot be joined by commas (RFC 9110, section 5.3): each cookie is one of its own.
  if (name.toLowerCase() === 'set-cookie' && (typeOf(schema) === 'array' || Array.isArray(told?.value))) {
    const cookies: unknown = told?.value ?? sampleValue(refs, schema)
    return Array.isArray(cookies) ? cookies.map(plain) : undefined
  }
  if (told !== undefined) return written(told.value, header, schema)
  const vague = [undefined, 'string'].includes(textAt(schema, 'type')) && schema.format === undefined && schema.pattern === undefined && schema.allOf === undefined
  if (vague && header.required !== true) return undefined
  const usual = vague && schema.minLength === undefined && schema.maxLength === undefined ? usualHeader(name) : undefined
  return usual ?? written(sampleValue(refs, schema), header, schema)
}

function contentSchema ({ refs }: ImportContext, header: JsonObject): unknown {
  const [media] = Object.values(isObject(header.content) ? header.content : {})
  const target = refs.follow(media, '')
  return 'value' in target && isObject(target.value) ? target.value.schema : undefined
}

/** As a header writes it: style `simple` (OpenAPI 3.1, section 4.8.12.2). */
function written (value: unknown, header: JsonObject, schema: JsonObject): Headers[string] | undefined {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return typeOf(schema) === 'array' || value.length > 0 ? value.map(plain).join(',') : undefined
  if (!isObject(value)) return undefined
  if (header.content !== undefined) return JSON.stringify(value)
  const pairs = Object.entries(value)
  return header.explode === true ? pairs.map(([key, member]) => `${key}=${plain(member)}`).join(',') : pairs.flatMap(([key, member]) => [key, plain(member)]).join(',')
}

const plain = (value: unknown): string => typeof value === 'object' ? JSON.stringify(value) : String(value)
