import { isObject, type ObjectSchema } from '../schema/subschemas.ts'
import type { RejectionProblem } from './rejection.ts'
import { violationText, type Violation } from './violation.ts'

/** Names under which APIs tell what went wrong; compared without case, `_` and `-`. */
const TEXTS = new Set(['message', 'msg', 'detail', 'details', 'description', 'errormessage', 'errordescription', 'reason', 'error', 'usermessage', 'developermessage'])
const TITLES = new Set(['title', 'summary'])
const STATUSES = new Set(['status', 'statuscode', 'httpstatus', 'httpstatuscode', 'code'])
const FIELDS = new Set(['field', 'path', 'pointer', 'property', 'param', 'parameter', 'location', 'name', 'source'])
const LISTS = new Set(['errors', 'violations', 'details', 'issues', 'messages', 'invalidparams', 'fielderrors'])
const INSIDE = new Set(['error', 'fault', 'problem', 'meta', 'status'])

const MAX_LISTED = 20

/**
 * Tells in a generated error body what was really wrong: in the fields whose names say that they are for it, and only as far as the
 * body stays valid. Each field is tried by itself, so that one of a closed list of values does not keep the others from telling.
 *
 * @param isValid whether a body still fits its schema
 * @example
 * tellInBody({ message: 'lorem', code: 7 }, problem, () => true) // { message: 'body/name must be string', code: 400 }
 */
export function tellInBody (body: unknown, problem: RejectionProblem, isValid: (body: unknown) => boolean): unknown {
  let told = body
  for (const { path, values } of placesIn(body, problem)) {
    for (const value of values) {
      const changed = put(told, path, value)
      if (!isValid(changed)) continue
      told = changed
      break
    }
  }
  return told
}

/** A field, and what may be written there, best first. */
interface Place {
  path: readonly string[]
  values: readonly unknown[]
}

function * placesIn (body: unknown, problem: RejectionProblem, path: readonly string[] = []): Generator<Place> {
  if (Array.isArray(body) && path.length === 0) {
    yield { path, values: [listOf(body, problem)] }
    return
  }
  if (!isObject(body)) return
  const hasText = Object.entries(body).some(([key, value]) => typeof value === 'string' && TEXTS.has(plain(key)))
  for (const [key, value] of Object.entries(body)) {
    const name = plain(key)
    const at = [...path, key]
    if (Array.isArray(value)) {
      if (LISTS.has(name)) yield { path: at, values: [listOf(value, problem), listOf(value, problem).slice(0, 1)] }
    } else if (isObject(value)) {
      if (INSIDE.has(name) && path.length < 2) yield * placesIn(value, problem, at)
    } else {
      const values = valuesFor(name, value, problem, hasText)
      if (values.length > 0) yield { path: at, values }
    }
  }
}

function valuesFor (name: string, value: unknown, { detail, title, status, error }: RejectionProblem, hasText: boolean): unknown[] {
  if (typeof value === 'string' || value === null) {
    if (TEXTS.has(name)) return [detail, title, error]
    if (TITLES.has(name)) return hasText ? [title, error] : [detail, title, error]
    if (STATUSES.has(name) && name !== 'code') return [String(status)]
  }
  return typeof value === 'number' && STATUSES.has(name) ? [status] : []
}

/** One entry for each violation, of the kind that was generated. */
function listOf (list: readonly unknown[], { violations = [] }: RejectionProblem): unknown[] {
  const [model] = list
  const told = violations.slice(0, MAX_LISTED)
  if (isObject(model)) return told.map(violation => entryOf(model, violation))
  return told.map(violation => violationText(violation))
}

function entryOf (model: ObjectSchema, violation: Violation): ObjectSchema {
  return Object.fromEntries(Object.entries(model).map(([key, value]) => {
    const name = plain(key)
    if (typeof value !== 'string') return [key, value]
    if (TEXTS.has(name)) return [key, violationText(violation)]
    if (name === 'pointer') return [key, violation.pointer]
    if (FIELDS.has(name)) return [key, violation.pointer.slice(1).replaceAll('/', '.')]
    if (name === 'in') return [key, violation.in]
    return [key, value]
  }))
}

const plain = (name: string): string => name.toLowerCase().replace(/[_-]/g, '')

function put (body: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value
  return isObject(body) ? { ...body, [key]: put(body[key], rest, value) } : body
}
