import type { Row } from '../collection/collection.ts'
import { empty, json } from './answers.ts'
import type { ListQuery } from './query/read-query.ts'
import { selectRows } from './query/select.ts'
import type { Responded } from './responder.ts'
import { tooLong } from './reads.ts'
import { rowText } from './row-text.ts'
import { attempt, isRow, isViolations, strayKeys } from './written-row.ts'
import { changedRow, idOf, insertAll, newRow, patchRefused, removeWithChildren } from './writes.ts'
import { objects, refuse, type Visit } from './visit.ts'

const listed = (rows: readonly Row[]): string => `[${rows.map(rowText).join(',')}]`

type Found = { readonly rows: readonly Row[] } | { readonly answer: Responded | undefined }

/** The rows that the query finds, or the answer that says what is wrong with it; undefined where that has been given. */
function find (visit: Visit): Found {
  const { request, resource, collection, belonging } = visit
  const [first] = collection.rows()
  const query: ListQuery = resource.readQuery(request.query, name => first !== undefined && Object.hasOwn(first, name))
  if (query.violations.length > 0 && objects(visit, query.violations)) return { answer: undefined }
  const rows = selectRows(collection, query, belonging)
  return typeof rows === 'string' ? { answer: refuse(visit, [tooLong(rows)]) } : { rows }
}

/** Puts a list of rows in the place of all that there are. */
export function replaceAll (visit: Visit): Responded | undefined {
  const { request: { body }, collection } = visit
  const sent: unknown[] = Array.isArray(body) ? body : [body]
  const rows = sent.map(one => newRow(visit, one))
  const faults = rows.flatMap((row, index) => isViolations(row) ? row.map(fault => ({ ...fault, pointer: `/${index}${fault.pointer}` })) : [])
  if (faults.length > 0) return refuse(visit, faults)
  const found = find(visit)
  if ('answer' in found) return found.answer
  const before = found.rows
  return attempt(visit, () => {
    for (const row of before) collection.remove(idOf(collection, row))
    try {
      return insertAll(collection, rows.filter(isRow))
    } catch (error) {
      insertAll(collection, before)
      throw error
    }
  }, written => json(listed(written)))
}

/** Makes the same change to all rows that the query finds. */
export function changeAll (visit: Visit): Responded | undefined {
  const { collection } = visit
  const found = find(visit)
  if ('answer' in found) return found.answer
  const before = found.rows
  const after: Array<{ before: Row, row: Row }> = []
  for (const row of before) {
    const changed = changedRow(visit, row)
    if ('fault' in changed) return patchRefused(visit, changed.fault)
    const violations = 'violations' in changed ? changed.violations : strayKeys(visit, changed.row)
    if (violations.length > 0) return refuse(visit, violations)
    if ('row' in changed) after.push({ before: row, row: changed.row })
  }
  return attempt(visit, () => {
    const done: Row[] = []
    const written: Row[] = []
    try {
      for (const { before, row } of after) {
        const one = collection.replace(idOf(collection, before), row)
        done.push(before)
        if (one !== undefined) written.push(one)
      }
      return written
    } catch (error) {
      for (const row of done) collection.replace(idOf(collection, row), row)
      throw error
    }
  }, written => json(listed(written)))
}

export function deleteAll (visit: Visit): Responded | undefined {
  const { resource } = visit
  const found = find(visit)
  if ('answer' in found) return found.answer
  const before = found.rows
  return attempt(visit, () => removeWithChildren(visit, before), kept => kept ?? (resource.deleteStatus === 204 ? empty(204) : json(listed(before))))
}
