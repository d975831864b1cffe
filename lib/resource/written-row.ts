import type { Row } from '../collection/collection.ts'
import { isRowConflict, isRowInvalid } from '../collection/row-errors.ts'
import { carryDigits } from '../exact-numbers.ts'
import { isObject } from '../schema/subschemas.ts'
import type { Violation } from '../violation/violation.ts'
import { problem } from './answers.ts'
import type { Responded } from './responder.ts'
import { refuse, type Visit } from './visit.ts'

const NOT_AN_OBJECT: Violation = { in: 'body', pointer: '', rule: 'type', expected: 'object', message: 'must be object' }

/** The body as a row. A body that is not there is an empty one, where the request's mode has let it pass. */
export function bodyRow (body: unknown): Row | readonly Violation[] {
  if (body === undefined) return {}
  return isRow(body) ? body : [NOT_AN_OBJECT]
}

export const isRow = (value: unknown): value is Row => isObject(value)

export const isViolations = (value: Row | readonly Violation[]): value is readonly Violation[] => Array.isArray(value)

/** What is sent, without what clients cannot set; of that, the row that is replaced keeps what it has. */
export function settable ({ collection, resource: { guarded } }: Visit, sent: Row, before?: Row): Row {
  const isOwn = (name: string): boolean => name === collection.idKey || guarded.has(name)
  const kept = before === undefined ? [] : Object.entries(before).filter(([name]) => isOwn(name))
  const given = Object.entries(sent).filter(([name]) => !isOwn(name))
  if (kept.length === 0 && given.length === Object.keys(sent).length) return sent
  return carryDigits(sent, Object.fromEntries([...kept, ...given]))
}

/** Keys of parents that there are not. */
export function strayKeys ({ resource: { belongsTo }, exchange: { store } }: Visit, row: Row): Violation[] {
  return belongsTo.flatMap(({ key, collection }) => {
    const id = Object.hasOwn(row, key) ? row[key] : undefined
    if (id === undefined || id === null) return []
    if ((typeof id === 'string' || typeof id === 'number') && store.collections.get(collection)?.get(id) !== undefined) return []
    const message = `must be the id of a row in '${collection}'`
    return { in: 'body' as const, pointer: `/${key}`, rule: 'reference', expected: `an id in ${collection}`, message, ...(typeof id === 'string' || typeof id === 'number') && { actual: id } }
  })
}

/** Writes, and tells why the collection will not have it: the row does not fit (400), or is in the way of another (409). */
export function attempt<T> (visit: Visit, write: () => T, done: (written: T) => Responded | undefined): Responded | undefined {
  let written: T
  try {
    written = write()
  } catch (error) {
    if (isRowConflict(error)) return problem(error)
    if (!isRowInvalid(error)) throw error
    const { violations } = error
    return refuse(visit, violations.length > 0 ? violations : [{ in: 'body', pointer: `/${visit.collection.idKey}`, rule: 'id', expected: 'a text or a number', message: 'must be a text or a number, as it is the id' }])
  }
  return done(written)
}
