import type { Webhook } from '../config.ts'
import { child } from '../json-pointer.ts'
import { mediaKind } from '../media/kind.ts'
import { concreteType } from './concrete-type.ts'
import { examplesOf } from './examples.ts'
import { hasBraces } from './has-braces.ts'
import { isObject, listAt, textAt, type JsonObject } from './json-object.ts'
import type { Operation } from './operations.ts'
import { bodyOf } from './response-body.ts'
import { headersOf } from './response-headers.ts'
import type { ImportContext, Scope } from './scope.ts'

/**
 * What a webhook or callback sends: its method, the headers that are declared as parameters, and a body from its first example or
 * its schema. Of several content types JSON comes first.
 */
export function outgoingRequest (context: ImportContext, { method, item, operation }: Operation, scope: Scope): Webhook {
  const { value, pointer } = operation
  const description = textAt(value, 'summary') ?? textAt(value, 'description')?.trim().split('\n', 1)[0]
  const headers = headersOf(context, parametersIn('header', [item, operation], scope), child(pointer, 'parameters'), scope)
  const webhook: Webhook = {
    ...description !== undefined && { description },
    ...method !== 'POST' && { method },
    ...headers !== undefined && { headers },
    ...bodyOfRequest(context, value, pointer, scope)
  }
  return [webhook.body, webhook.text, webhook.headers].some(hasBraces) ? { ...webhook, template: false } : webhook
}

/** The query that a callback's parameters ask for: `?a=1`, or '' for none. */
export function outgoingQuery (context: ImportContext, { item, operation }: Operation, scope: Scope): string {
  const query = headersOf(context, parametersIn('query', [item, operation], scope), child(operation.pointer, 'parameters'), scope)
  return Object.entries(query ?? {}).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`).join('&')
}

/** Parameters of one place by name, those of the operation over those of the path; read like the headers of an answer. */
function parametersIn (location: string, holders: ReadonlyArray<{ value: JsonObject, pointer: string }>, scope: Scope): JsonObject {
  const found: Array<[string, JsonObject]> = []
  for (const { value, pointer } of holders) {
    for (const [index, declared] of listAt(value, 'parameters').entries()) {
      const target = scope.follow(declared, child(child(pointer, 'parameters'), index))
      if (target !== undefined && isObject(target.value) && target.value.in === location && typeof target.value.name === 'string') found.push([target.value.name, target.value])
    }
  }
  return Object.fromEntries(found)
}

function bodyOfRequest (context: ImportContext, operation: JsonObject, pointer: string, scope: Scope): Pick<Webhook, 'body' | 'text' | 'base64' | 'body_schema' | 'content_type'> {
  if (operation.requestBody === undefined) return {}
  const declared = scope.follow(operation.requestBody, child(pointer, 'requestBody'))
  if (declared === undefined || !isObject(declared.value) || !isObject(declared.value.content)) return {}
  const at = child(declared.pointer, 'content')
  const [first] = Object.entries(declared.value.content).sort(([a], [b]) => Number(mediaKind(a) !== 'json') - Number(mediaKind(b) !== 'json'))
  if (first === undefined) return {}
  const found = scope.follow(first[1], child(at, first[0]))
  const media = found !== undefined && isObject(found.value) ? found.value : {}
  const schemaAt = child(found?.pointer ?? at, 'schema')
  const type = concreteType(first[0], media.schema)
  const [example] = examplesOf(context, media, (key, reason) => scope.lose(child(schemaAt, key), reason))
  // What an example says need not be said by a schema.
  const convert = () => example === undefined ? scope.convert(media.schema ?? true, schemaAt) : undefined
  const { response, response_schema: schema, ...other } = bodyOf(context.refs, { type, schema: media.schema, itemSchema: media.itemSchema }, example, convert)
  return {
    ...type !== 'application/json' && { content_type: type },
    ...response !== undefined && { body: response },
    ...schema !== undefined && { body_schema: schema },
    ...other
  }
}
