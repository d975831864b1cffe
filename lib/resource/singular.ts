import type { Row } from '../collection/collection.ts'
import { MOCK_ERR_ROW_UNKNOWN } from '../errors.ts'
import { stringifyJson } from '../stringify-json.ts'
import { json, problem } from './answers.ts'
import { refusedWrite, unmodified } from './preconditions.ts'
import { wrapped } from './reads.ts'
import type { Responded } from './responder.ts'
import { tagOf } from './row-text.ts'
import { attempt, bodyRow, isViolations, settable } from './written-row.ts'
import { changedRow, idOf, patchRefused } from './writes.ts'
import { refuse, type Visit } from './visit.ts'

/** The one row of the collection, without the id that it has there. */
function thing ({ collection }: Visit): { row: Row, text: string } | undefined {
  const [row] = collection.rows()
  if (row === undefined) return undefined
  const { idKey } = collection
  return { row, text: stringifyJson(Object.fromEntries(Object.entries(row).filter(([name]) => name !== idKey))) ?? '{}' }
}

export function read (visit: Visit): Responded | undefined {
  const { request, resource: { hasTags, itemEnvelope, patchHeaders } } = visit
  const found = thing(visit)
  if (found === undefined) return nothing(visit)
  const tag = tagOf(found.text)
  const known = hasTags ? unmodified(request, tag) : undefined
  return known ?? json(wrapped(found.text, itemEnvelope), 200, { ...hasTags && { etag: tag }, ...patchHeaders })
}

const nothing = ({ collection }: Visit): Responded => problem(new MOCK_ERR_ROW_UNKNOWN(collection.name, ''))

export function write (visit: Visit): Responded | undefined {
  const { request, collection, resource: { hasTags, needsIfMatch } } = visit
  const before = thing(visit)
  const refused = refusedWrite(request, hasTags && before !== undefined ? tagOf(before.text) : undefined, needsIfMatch)
  if (refused !== undefined) return refused
  const body = bodyRow(request.body)
  if (isViolations(body)) return refuse(visit, body)
  const isNew = before === undefined
  const row = settable(visit, body, before?.row)
  const status = isNew || request.method === 'POST' ? 201 : 200
  return attempt(visit, () => isNew ? collection.insert(row) : collection.replace(idOf(collection, before.row), row), () => shown(visit, status))
}

export function edit (visit: Visit): Responded | undefined {
  const { request, collection, resource: { hasTags, needsIfMatch } } = visit
  const before = thing(visit)
  const refused = refusedWrite(request, hasTags && before !== undefined ? tagOf(before.text) : undefined, needsIfMatch)
  if (refused !== undefined) return refused
  if (before === undefined) return nothing(visit)
  const changed = changedRow(visit, before.row)
  if ('fault' in changed) return patchRefused(visit, changed.fault)
  if ('violations' in changed) return refuse(visit, changed.violations)
  return attempt(visit, () => collection.replace(idOf(collection, before.row), changed.row), () => shown(visit, 200))
}

function shown (visit: Visit, status: number): Responded {
  const { resource: { hasTags, itemEnvelope } } = visit
  const text = thing(visit)?.text ?? '{}'
  return json(wrapped(text, itemEnvelope), status, hasTags ? { etag: tagOf(text) } : {})
}
