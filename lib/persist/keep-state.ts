import type { CollectionDefinition } from '../collection/definition.ts'
import { defineCollection } from '../collection/define-collection.ts'
import type { Config, Persist } from '../config.ts'
import { runInSlices } from '../config/slices.ts'
import { MOCK_ERR_PERSIST_LOCKED, MOCK_ERR_PERSIST_UNREADABLE } from '../errors.ts'
import { messageOf } from '../message-of.ts'
import type { Store } from '../store.ts'
import { lockFolder, type FolderLock } from './folder-lock.ts'
import { openJournal, type Journal } from './journal.ts'
import { makeFolder, readState } from './state-folder.ts'
import { collectionRecords, createRecordReader, scenarioRecord, variableRecord, wholeCollection, type KeptScenario, type StateRecord } from './state-records.ts'

const INTERVAL_MS = 200

export interface KeepStateOptions {
  /** Absolute. */
  readonly folder: string
  readonly persist: Omit<Persist, 'folder'>
  readonly config: Config
  readonly definitions: readonly CollectionDefinition[]
  /** Told of what was cut off, could not be taken, or cannot be written any more. */
  readonly onWarning: (message: string, details: object) => void
  readonly compactAt?: number
}

/** State that is kept on disk. */
export interface KeptState {
  /** Whether answers wait until what they could have seen is on the disk. */
  readonly isStrict: boolean
  /** Whether something is not on the disk yet. */
  readonly isPending: boolean
  /** Settles when all that was written until now is on the disk. Rejects with MOCK_ERR_PERSIST_FAILED. */
  flushed (): Promise<void>
  close (): Promise<void>
}

/**
 * Brings the store to where it was when the process ended, and writes down from now on what becomes of its collections, variables and
 * scenarios. Of a collection that was written to, all rows are kept, those of its seed included: it does not depend on files any more.
 *
 * @throws MOCK_ERR_PERSIST_LOCKED
 * @throws MOCK_ERR_PERSIST_UNREADABLE
 */
export async function keepState (store: Store, { folder: wanted, persist, config, definitions, onWarning, compactAt }: KeepStateOptions): Promise<KeptState> {
  const { fsync = 'interval', interval_ms: intervalMs = INTERVAL_MS } = persist
  let journal: Journal | undefined
  const { folder, lock } = await takeFolder(wanted, () => journal?.fail(new Error('another process has taken the folder over')))
  const variables = new Map<string, object>()
  const scenarios = new Map<string, KeptScenario>()
  /** Collections whose rows are all written down. */
  const known = new Set<string>()
  try {
    const { records, number, size, torn } = await readState(folder)
    for (const what of torn) onWarning('state that was not written whole is left out', { folder, what })
    await runInSlices(replay(records))
    journal = await openJournal({
      folder,
      number,
      size,
      isStrict: fsync === 'always',
      intervalMs: fsync === 'interval' ? intervalMs : undefined,
      compactAt,
      capture,
      onOmission: (record, err) => onWarning('what is no JSON is not kept', { folder, record: Object.keys(record), err }),
      onFailure: err => onWarning('state is not kept any more', { err })
    })
  } catch (error) {
    await lock.release()
    throw error
  }
  const { append, close } = journal
  const ends = [
    store.variables.subscribe(change => {
      const record = variableRecord(change)
      if (change.op === 'reset') variables.clear()
      else variables.set(change.name, record)
      append(record)
    }),
    store.scenarios.subscribe(change => {
      scenarios.set(change.name, change)
      append(scenarioRecord(change))
    }),
    store.collections.subscribe(change => {
      const collection = store.collections.get(change.name)
      if (collection === undefined) return
      const isWhole = known.has(change.name) || change.op === 'load' || change.op === 'reset'
      if (change.op === 'reset') known.delete(change.name)
      else known.add(change.name)
      for (const record of isWhole ? collectionRecords(change, collection.idKey) : wholeCollection(collection)) append(record)
    })
  ]
  const open = journal
  return {
    isStrict: fsync === 'always',
    get isPending () { return open.isPending },
    flushed: open.flushed,
    async close () {
      for (const end of ends) end()
      await close()
      await lock.release()
    }
  }

  /** Rows are never changed in place, so what is captured stays as it is until it is written. */
  function * capture (): Generator<object> {
    yield * variables.values()
    for (const scenario of scenarios.values()) yield scenarioRecord(scenario)
    for (const collection of store.collections.written()) yield * wholeCollection(collection)
  }

  function * replay (records: readonly unknown[]): Generator<void, void> {
    const read = createRecordReader()
    const told = records.map(read).filter(record => record !== undefined)
    const idKeys = new Map<string, string>()
    for (const { kind, ...rest } of told) if (kind === 'collection' && 'idKey' in rest && rest.idKey !== undefined) idKeys.set(rest.change.name, rest.idKey)
    yield
    // What no configuration names is read all the same: it may be named again.
    const others = [...idKeys].filter(([name]) => !definitions.some(definition => definition.name === name))
    if (others.length > 0) store.configure(config, [...definitions, ...others.map(([name, idKey]) => defineCollection(name, { idKey }))])
    const moved = new Set<string>()
    for (const [index, record] of told.entries()) {
      if (index % 100 === 99) yield
      take(record, idKeys, moved)
    }
    // As after a reload: what was kept may have no place in the configuration any more.
    for (const lost of store.configure(config, definitions)) onWarning(lost, { folder })
    for (const name of moved) onWarning(`what was written to the collection '${name}' is left out, as its ids are elsewhere now`, { folder })
  }

  function take (record: StateRecord, idKeys: ReadonlyMap<string, string>, moved: Set<string>): void {
    if (record.kind === 'variables') {
      variables.clear()
      store.variables.reset()
    } else if (record.kind === 'variable') {
      const { name, isSet, value } = record
      variables.set(name, variableRecord(isSet ? { op: 'set', name, value } : { op: 'delete', name }))
      if (isSet) store.variables.set(name, value)
      else store.variables.delete(name)
    } else if (record.kind === 'scenario') {
      const { name, to, time } = record
      scenarios.set(name, record)
      store.scenarios.resume(name, to, Date.parse(time))
    } else {
      const { change } = record
      const collection = store.collections.get(change.name)
      if (collection === undefined) return
      const idKey = idKeys.get(change.name)
      if (idKey !== undefined && idKey !== collection.idKey) {
        moved.add(change.name)
        return
      }
      collection.replay(change)
      if (change.op === 'reset') known.delete(change.name)
      else known.add(change.name)
    }
  }
}

/** @throws MOCK_ERR_PERSIST_LOCKED, MOCK_ERR_PERSIST_UNREADABLE */
async function takeFolder (wanted: string, onLost: () => void): Promise<{ folder: string, lock: FolderLock }> {
  try {
    const folder = await makeFolder(wanted)
    return { folder, lock: await lockFolder(folder, onLost) }
  } catch (cause) {
    if (cause instanceof MOCK_ERR_PERSIST_LOCKED) throw cause
    throw new MOCK_ERR_PERSIST_UNREADABLE(wanted, messageOf(cause), { cause })
  }
}
