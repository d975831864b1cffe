import type { Row } from '../collection/collection.ts'
import type { CollectionChange, OwnedCollection } from '../collection/owned-collection.ts'
import { isObject } from '../schema/subschemas.ts'
import type { ScenarioChange } from '../state/scenarios.ts'
import type { VariableChange } from '../state/variables.ts'

/** What is written down of the state's changes, one object each; `readRecord` is the other way. */

/** So many rows go into one record; a list of more is told in parts. */
const PART = 500

export const variableRecord = (change: VariableChange): object => {
  if (change.op === 'reset') return { variables: 'reset' }
  return change.op === 'set' && change.value !== undefined ? { variable: change.name, value: change.value } : { variable: change.name }
}

/** Where a scenario is, and since when: timed transitions go on from there. */
export type KeptScenario = Pick<ScenarioChange, 'name' | 'to' | 'time'>

export const scenarioRecord = ({ name, to, time }: KeptScenario): object => ({ scenario: name, state: to, since: time })

/** A change of a collection that is written down already. */
export function * collectionRecords (change: CollectionChange, idKey: string): Generator<object> {
  const { name } = change
  if (change.op === 'put') yield { collection: name, put: change.row }
  else if (change.op === 'remove') yield { collection: name, remove: change.id }
  else if (change.op === 'reset') yield { collection: name, reset: true }
  else yield * loadRecords(name, idKey, change.rows, change.highest)
}

/** All of a collection. */
export const wholeCollection = (collection: OwnedCollection): Generator<object> =>
  loadRecords(collection.name, collection.idKey, collection.all(), collection.highest)

function * loadRecords (name: string, id: string, rows: readonly Row[], highest: number | undefined): Generator<object> {
  for (let from = 0; from === 0 || from < rows.length; from += PART) {
    const isLast = from + PART >= rows.length
    yield { collection: name, load: rows.slice(from, from + PART), from, ...isLast ? { id, highest } : { more: true } }
  }
}

/** What was written down. */
export type StateRecord =
  | { kind: 'variables' }
  | { kind: 'variable', name: string, isSet: boolean, value: unknown }
  | { kind: 'scenario' } & KeptScenario
  | { kind: 'collection', idKey?: string | undefined, change: CollectionChange }

/** Reads records in order; those that tell a list in parts give something with the last part only. */
export function createRecordReader (): (record: unknown) => StateRecord | undefined {
  /** Lists that are not whole yet, by collection. A part that was the last to be written before a crash is never followed by its next. */
  const parts = new Map<string, Row[]>()

  return record => {
    if (!isObject(record)) return undefined
    const { variables, variable, scenario, state, since, collection: name } = record
    if (variables === 'reset') return { kind: 'variables' }
    if (typeof variable === 'string') return { kind: 'variable', name: variable, isSet: Object.hasOwn(record, 'value'), value: record.value }
    if (typeof scenario === 'string' && typeof state === 'string') return { kind: 'scenario', name: scenario, to: state, time: String(since) }
    if (typeof name !== 'string') return undefined
    if (!Array.isArray(record.load)) {
      parts.delete(name)
      if (isObject(record.put)) return { kind: 'collection', change: { op: 'put', name, row: record.put } }
      if (typeof record.remove === 'string') return { kind: 'collection', change: { op: 'remove', name, id: record.remove } }
      return record.reset === true ? { kind: 'collection', change: { op: 'reset', name } } : undefined
    }
    const rows = record.from === 0 ? [] : parts.get(name)
    if (rows === undefined || rows.length !== record.from) return undefined
    for (const row of record.load) if (isObject(row)) rows.push(row)
    if (record.more === true) {
      parts.set(name, rows)
      return undefined
    }
    parts.delete(name)
    const highest = typeof record.highest === 'number' ? record.highest : undefined
    return { kind: 'collection', idKey: typeof record.id === 'string' ? record.id : undefined, change: { op: 'load', name, rows, highest } }
  }
}
