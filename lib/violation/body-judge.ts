import { MOCK_ERR_CONTENT_TYPE } from '../errors.ts'
import { child } from '../json-pointer.ts'
import { essence, isJsonType } from '../media/media-type.ts'
import { entryFor, FORM_TYPE, sourceOf, type BodyEntry, type RequestBody } from '../request-body.ts'
import type { Source } from '../schema/compiler.ts'
import { createPart, type Judges, type Part } from './part.ts'
import type { Rejection } from './rejection.ts'
import type { Violation } from './violation.ts'

/** Judges bodies by the content types that an endpoint takes. */
export interface BodyJudge {
  /** Why a body of this type is not taken; undefined when it is. */
  typeRejection (contentType: string | undefined): Rejection | undefined
  holds (body: unknown, contentType: string | undefined): boolean
  find (body: unknown, contentType: string | undefined): Violation[]
}

const MISSING: Violation = { in: 'body', pointer: '', rule: 'required', expected: 'a body', message: 'is required', schema_pointer: 'schema/body' }

/** So many content types are remembered. */
const MAX_TYPES = 50

export function createBodyJudge (body: RequestBody, tools: Judges): BodyJudge {
  const taken = body.content.map(({ type }) => type)
  const isMap = body.content.length !== 1 || taken[0] !== 'application/json' || !body.required
  const known = new Map<BodyEntry, Partial<Record<Source, Part>>>()

  function partFor (entry: BodyEntry, source: Source): Part | undefined {
    if (entry.schema === undefined) return undefined
    const parts = known.get(entry) ?? {}
    known.set(entry, parts)
    parts[source] ??= createPart('body', entry.schema, isMap ? `${child('schema/body/content', entry.type)}/schema` : 'schema/body', source, tools)
    return parts[source]
  }

  // Clients send few different types, and these are asked of every request.
  const byType = new Map<string | undefined, { isTaken: boolean, part: Part | undefined }>()

  function forType (contentType: string | undefined) {
    let found = byType.get(contentType)
    if (found === undefined) {
      const entry = contentType === undefined ? body.content[0] : entryFor(body, contentType)
      const source = entry === undefined ? undefined : sourceOf(entry, contentType ?? entry.type)
      found = {
        isTaken: contentType === undefined ? taken.includes('*/*') : entry !== undefined,
        part: entry === undefined || source === undefined ? undefined : partFor(entry, source)
      }
      if (byType.size >= MAX_TYPES) byType.clear()
      byType.set(contentType, found)
    }
    return found
  }

  return {
    typeRejection (contentType) {
      if (forType(contentType).isTaken) return undefined
      const error = new MOCK_ERR_CONTENT_TYPE(contentType ?? 'none', taken.join(', ') || 'it takes no body')
      const message = contentType === undefined ? 'must tell the type of the body' : mismatch(contentType, taken)
      return {
        kind: 'content-type',
        status: 415,
        code: error.code,
        title: 'The content type is not taken',
        detail: error.message,
        violations: [{ in: 'header', pointer: '/content-type', rule: 'content-type', expected: taken, message, ...contentType !== undefined && { actual: contentType } }],
        // What would be taken (RFC 9110, section 15.5.16).
        ...taken.length > 0 && { headers: { accept: taken.join(', ') } }
      }
    },
    holds: (value, contentType) => value === undefined ? !body.required : forType(contentType).part?.holds(value) ?? true,
    find (value, contentType) {
      if (value === undefined) return body.required ? [MISSING] : []
      return forType(contentType).part?.find(value) ?? []
    }
  }
}

const TOLD = 5

/** Told in full where an answer is the API's own, and nothing but a line in the log says what was wrong. */
function mismatch (contentType: string, taken: readonly string[]): string {
  if (taken.length === 0) return 'must not be there: the endpoint takes no body'
  const wanted = taken.length > TOLD ? 'one of those that the endpoint takes' : taken.join(' or ')
  // Whoever types a request has seldom asked for a form.
  const type = essence(contentType)
  const hint = type === FORM_TYPE && taken.some(isJsonType) ? " (curl -d sends a form unless told: -H 'content-type: application/json')" : ''
  return `must be ${wanted}, not ${type || 'nothing'}${hint}`
}
