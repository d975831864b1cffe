import { isDeepStrictEqual } from 'node:util'
import type { Response } from '../config.ts'
import { child, tokens } from '../json-pointer.ts'
import { isObject, type JsonObject } from '../openapi/json-object.ts'
import { toRef } from '../openapi/reference.ts'
import type { Refs, Target } from '../openapi/refs.ts'

/**
 * Where in an OpenAPI document the example stands that an answer was made of: the JSON pointer to its value, undefined when there is
 * none. Told by comparing, so that the import need not keep account.
 *
 * @param operation JSON pointer to the operation
 * @example
 * locateExample(refs, '/paths/~1users/get', { status: 200, response: [] })
 * // '/paths/~1users/get/responses/200/content/application~1json/example'
 */
export function locateExample (refs: Refs, operation: string, answer: Response): string | undefined {
  const responses = targetAt(refs, refs.find(toRef([...tokens(operation), 'responses'])))
  if (!isObject(responses?.value)) return undefined
  const wanted = [answer.status ?? 200, answer.stands_for].map(key => String(key).toLowerCase())
  const keys = Object.keys(responses.value)
  const ordered = [...keys.filter(key => wanted.includes(key.toLowerCase())), ...keys.filter(key => !wanted.includes(key.toLowerCase()))]
  for (const key of ordered) {
    const response = targetAt(refs, memberOf(responses, key))
    if (response === undefined) continue
    for (const { value, pointer } of examplesIn(refs, response)) if (isSource(value, answer.response)) return pointer
  }
  return undefined
}

/** A text that holds JSON is imported as what it holds. */
function isSource (value: unknown, response: unknown): boolean {
  if (isDeepStrictEqual(value, response)) return true
  if (typeof value !== 'string' || typeof response !== 'object') return false
  try {
    return isDeepStrictEqual(JSON.parse(value), response)
  } catch {
    return false
  }
}

/** All examples of a response: of its media types (3.x), or its own by content type (2.0), and those of their schemas. */
function * examplesIn (refs: Refs, response: Target): Generator<Target> {
  yield * membersIn(targetAt(refs, memberOf(response, 'examples')))
  yield * schemaExamples(refs, memberOf(response, 'schema'))
  for (const declared of membersIn(targetAt(refs, memberOf(response, 'content')))) {
    const media = targetAt(refs, declared)
    if (media === undefined) continue
    yield * present(memberOf(media, 'example'))
    for (const named of membersIn(targetAt(refs, memberOf(media, 'examples')))) {
      const example = targetAt(refs, named)
      if (example === undefined) continue
      for (const key of ['value', 'dataValue', 'serializedValue']) yield * present(memberOf(example, key))
      yield example
    }
    for (const key of ['schema', 'itemSchema']) yield * schemaExamples(refs, memberOf(media, key))
  }
}

/** Beside a reference, or of what it leads to. */
function * schemaExamples (refs: Refs, schema: Target | undefined): Generator<Target> {
  for (const holder of [schema, targetAt(refs, schema)]) {
    if (holder === undefined) continue
    yield * present(memberOf(holder, 'example'))
    yield * membersIn(memberOf(holder, 'examples'))
  }
}

function targetAt (refs: Refs, target: Target | undefined): Target | undefined {
  const found = target === undefined ? undefined : refs.follow(target.value, target.pointer)
  return found === undefined || 'missing' in found ? undefined : found
}

function memberOf ({ value, pointer }: Target, key: string): Target | undefined {
  const holder: JsonObject = isObject(value) ? value : {}
  return Object.hasOwn(holder, key) ? { value: holder[key], pointer: child(pointer, key) } : undefined
}

const membersIn = (target: Target | undefined): Target[] =>
  typeof target?.value === 'object' && target.value !== null ? Object.entries(target.value).map(([key, value]) => ({ value, pointer: child(target.pointer, key) })) : []

const present = (target: Target | undefined): Target[] => target === undefined ? [] : [target]
