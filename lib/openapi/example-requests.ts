import type { ExampleRequest, Response } from '../config.ts'
import { child } from '../json-pointer.ts'
import { isStream, mediaKind } from '../media/kind.ts'
import { examplesOf } from './examples.ts'
import { isObject, listAt, type JsonObject } from './json-object.ts'
import type { Operation } from './operations.ts'
import { IGNORED_HEADERS } from './parameters.ts'
import type { ImportContext } from './scope.ts'

/** Where the configuration keeps the parameters of a location. */
const PARTS = { path: 'params', query: 'query', header: 'headers', cookie: 'cookies' } as const

/** The parameters of an operation, references followed: those of its path, and its own, which win. */
export function parametersOf ({ refs }: ImportContext, { item, operation }: Pick<Operation, 'item' | 'operation'>): Array<{ value: JsonObject, pointer: string }> {
  const found = new Map<string, { value: JsonObject, pointer: string }>()
  for (const { value, pointer } of [item, operation]) {
    for (const [index, declared] of listAt(value, 'parameters').entries()) {
      const target = refs.follow(declared, child(child(pointer, 'parameters'), index))
      if ('missing' in target || !isObject(target.value)) continue
      const { in: location, name } = target.value
      if (typeof location === 'string' && typeof name === 'string') found.set(`${location} ${name}`, { value: target.value, pointer: target.pointer })
    }
  }
  return [...found.values()]
}

/**
 * Pairs examples of one name: whoever sends the request `empty-cart` of the document, parameters, body and all, is given the answer
 * `empty-cart`. Left out where all would be given the first answer anyway.
 *
 * @returns copies of those responses that are paired; the others as they are, for operations share them
 */
export function pairExamples (context: ImportContext, operation: Pick<Operation, 'item' | 'operation'>, responses: [Response, ...Response[]]): [Response, ...Response[]] {
  const [first] = responses
  if (responses.every(({ name }) => name === undefined || name === first.name)) return responses
  const requests = requestsOf(context, operation)
  const statuses = new Map<string, Response>()
  for (const response of responses) {
    if (response.name !== undefined && requests.has(response.name) && !statuses.has(response.name)) statuses.set(response.name, response)
  }
  const isLike = (a: Response, b: Response | undefined): boolean => a.status === b?.status && a.stands_for === b?.stands_for
  if ([...statuses.values()].every(response => response.name === first.name && isLike(response, first))) return responses

  const paired = (response: Response): Response => {
    const { name, description, ...rest } = response
    const request = name === undefined ? undefined : requests.get(name)
    if (name === undefined || request === undefined || !isLike(response, statuses.get(name))) return response
    return { name, ...description !== undefined && { description }, for_request: request, ...rest }
  }
  const [, ...rest] = responses
  return [paired(first), ...rest.map(paired)]
}

/**
 * Where an operation answers at once or in a stream, and its body has a member `stream`, that member is what asks for the stream: a
 * convention of the APIs of language models.
 */
export function pairStreams (context: ImportContext, { operation }: Pick<Operation, 'operation'>, responses: [Response, ...Response[]]): [Response, ...Response[]] {
  const [first, ...rest] = responses
  const isStreamed = ({ content_type: type = '' }: Response): boolean => isStream(mediaKind(type))
  const streamed = rest.find(response => response.status === first.status && response.for_request === undefined && isStreamed(response))
  if (streamed === undefined || isStreamed(first) || !contentOf(context, operation.value.requestBody).some(({ schema }) => hasProperty(context, schema, 'stream'))) return responses
  const { name, description, ...others } = streamed
  const paired: Response = { ...name !== undefined && { name }, ...description !== undefined && { description }, for_request: { body_has: { stream: true } }, ...others }
  return [first, ...rest.map(response => response === streamed ? paired : response)]
}

/** Whether objects of a schema may have a property, as far as is declared. */
function hasProperty (context: ImportContext, schema: unknown, name: string, depth = 0): boolean {
  const target = context.refs.follow(schema, '')
  if (depth > 5 || 'missing' in target || !isObject(target.value)) return false
  const { properties } = target.value
  return (isObject(properties) && Object.hasOwn(properties, name)) || listAt(target.value, 'allOf').some(part => hasProperty(context, part, name, depth + 1))
}

/** The named examples of requests. */
function requestsOf (context: ImportContext, operation: Pick<Operation, 'item' | 'operation'>): Map<string, ExampleRequest> {
  const requests = new Map<string, ExampleRequest>()
  const requestOf = (name: string): ExampleRequest => {
    const request = requests.get(name) ?? {}
    requests.set(name, request)
    return request
  }
  for (const { value } of parametersOf(context, operation)) {
    const { in: location, name } = value
    if (typeof name !== 'string' || !isLocation(location) || (location === 'header' && IGNORED_HEADERS.has(name.toLowerCase()))) continue
    for (const example of examplesOf(context, value)) {
      if (example.name === undefined || !('value' in example)) continue
      const part = requestOf(example.name)[PARTS[location]] ??= {}
      part[location === 'header' ? name.toLowerCase() : name] = example.value
    }
  }
  for (const media of contentOf(context, operation.operation.value.requestBody)) {
    for (const example of examplesOf(context, media)) {
      if (example.name === undefined || !('value' in example)) continue
      const request = requestOf(example.name)
      if (!('body' in request)) request.body = example.value
    }
  }
  return requests
}

const isLocation = (value: unknown): value is keyof typeof PARTS => typeof value === 'string' && Object.hasOwn(PARTS, value)

/** The media types of a request's body, JSON first: of one name, its example counts. */
function contentOf ({ refs }: ImportContext, requestBody: unknown): JsonObject[] {
  const body = refs.follow(requestBody, '')
  if ('missing' in body || !isObject(body.value) || !isObject(body.value.content)) return []
  const types = Object.entries(body.value.content).sort(([a], [b]) => Number(/json/i.test(b)) - Number(/json/i.test(a)))
  return types.flatMap(([, declared]) => {
    const media = refs.follow(declared, '')
    return 'missing' in media || !isObject(media.value) ? [] : [media.value]
  })
}
