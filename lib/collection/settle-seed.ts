import { child } from '../json-pointer.ts'
import { createRandom, seedOf, type Random } from '../random.ts'
import { isObject } from '../schema/subschemas.ts'
import { subjectOf, type Violation } from '../violation/violation.ts'
import type { Row } from './collection.ts'
import type { IdHints, MakeId } from './definition.ts'
import { jointKey, NOTHING, valueKey } from './row-key.ts'
import { memberOf, rowOf } from './row-of.ts'
import { createSeedRows, wholeNumber, type SeedRows } from './seed-rows.ts'

export interface SeedRules {
  readonly name: string
  readonly idKey: string
  readonly makeId: MakeId
  readonly unique: ReadonlyArray<readonly string[]>
  readonly judge?: ((row: Row) => readonly Violation[]) | undefined
  /** The property that tells rows which were deleted: their values are free. */
  readonly softDelete?: string | undefined
  /** Properties that rows get when they have none of their own. */
  readonly filled?: Row | undefined
  /** What random ids come from. */
  readonly seed: number | string
}

/** What is wrong with one of the rows that a collection starts from. */
export interface SeedProblem {
  /** Of the row, from 0. */
  readonly index: number
  readonly message: string
  /** JSON pointer into the row. */
  readonly pointer: string
}

/** After so many a person has seen enough. */
const MOST = 20

/** How often an id that is taken is made anew. */
const ATTEMPTS = 10_000

/**
 * Makes the rows that a collection starts from sound: each with an id of its own, frozen, complete. What is wrong is told, and the
 * rows in question are left out. Offers pauses.
 */
export function * settleSeed (given: readonly unknown[], rules: SeedRules, tell: (problem: SeedProblem) => void): Generator<void, SeedRows> {
  const { name, idKey, makeId, unique, judge, filled = {}, softDelete, seed } = rules
  const takenAt = new Map<string, number>()
  const uniques = unique.map(properties => ({ properties, takenAt: new Map<string, number>() }))
  const rows: Row[] = []
  let highest = 0
  let problems = 0
  let issued = 0
  const isDeleted = (row: Row) => softDelete !== undefined && Object.hasOwn(row, softDelete) && row[softDelete] !== null
  const wrong = (index: number, message: string, pointer = '') => {
    if (++problems <= MOST) tell({ index, message, pointer })
  }

  for (const [index, row] of given.entries()) {
    if (index % 500 === 499) yield
    if (!isObject(row)) continue
    const key = valueKey(row, idKey)
    if (key === NOTHING || key === '') continue
    if (!takenAt.has(key)) takenAt.set(key, index)
    highest = Math.max(highest, wholeNumber(row[idKey]))
  }

  for (const [index, row] of given.entries()) {
    if (index % 100 === 99) yield
    if (problems > MOST) break
    if (!isObject(row)) {
      wrong(index, 'a row has to be an object')
      continue
    }
    const own = idOf(row, index)
    const whole = rowOf(own, row, own, without(filled, row))
    const id = whole[idKey]
    if (typeof id !== 'string' && typeof id !== 'number' && typeof id !== 'bigint') {
      wrong(index, `the id has to be a text or a number, and is ${JSON.stringify(id)?.slice(0, 40)}`, child('', idKey))
      continue
    }
    const first = takenAt.get(valueKey(whole, idKey))
    if (first !== undefined && first !== index) {
      wrong(index, `the ${idKey} '${valueKey(whole, idKey)}' is taken by row ${first + 1} already`, child('', idKey))
      continue
    }
    for (const { properties, takenAt } of isDeleted(whole) ? [] : uniques) {
      const key = jointKey(whole, properties)
      const twin = key === undefined ? undefined : takenAt.get(key)
      if (twin !== undefined) wrong(index, `${properties.join(' and ')} have to be unique, and are those of row ${twin + 1}`, child('', properties[0] ?? ''))
      else if (key !== undefined) takenAt.set(key, index)
    }
    for (const violation of judge?.(whole) ?? []) wrong(index, `${subjectOf(violation) || 'it'} ${violation.message}`, violation.pointer)
    rows.push(whole)
  }
  const settled = createSeedRows(Object.freeze(rows), idKey)
  yield * settled.prepare(unique)
  return settled

  /** The id that a row has, or one that is made for it: after all that are given, so that none of those is taken. */
  function idOf (row: Row, index: number): Row {
    const key = valueKey(row, idKey)
    if (key !== NOTHING && key !== '') return memberOf(row, idKey)
    let id = makeId(hints())
    for (let attempt = 0; takenAt.has(String(id)) && attempt < ATTEMPTS; attempt++) id = makeId(hints())
    if (!takenAt.has(String(id))) takenAt.set(String(id), index)
    highest = Math.max(highest, wholeNumber(id))
    return Object.fromEntries([[idKey, id]])
  }

  function hints (): IdHints {
    let random: Random | undefined
    const ordinal = ++issued
    return {
      following: highest + 1,
      ordinal,
      get random () { return (random ??= createRandom(seedOf(seed, 'collection', name, ordinal))) }
    }
  }
}

const without = (filled: Row, row: Row): Row => Object.fromEntries(Object.entries(filled).filter(([key]) => !Object.hasOwn(row, key)))
