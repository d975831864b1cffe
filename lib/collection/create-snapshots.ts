import { MOCK_ERR_SNAPSHOT_LIMIT, MOCK_ERR_SNAPSHOT_UNKNOWN } from '../errors.ts'
import type { Collections, CollectionsSnapshot, SnapshotInfo, Snapshots } from './collection.ts'

/** Rows that only a snapshot holds stay in memory; nobody should have to find that out. */
const MOST = 100

/** Keeps snapshots of these collections by name. */
export function createSnapshots ({ snapshot, restore }: Pick<Collections, 'snapshot' | 'restore'>, now: () => Date): Snapshots {
  const kept = new Map<string, { info: SnapshotInfo, snapshot: CollectionsSnapshot }>()
  return {
    list: () => [...kept.values()].map(({ info }) => info),
    save (name) {
      if (!kept.has(name) && kept.size >= MOST) throw new MOCK_ERR_SNAPSHOT_LIMIT(MOST)
      const taken = snapshot()
      const info = { name, time: now().toISOString(), rows: Object.fromEntries(Object.entries(taken).map(([name, rows]) => [name, rows.length])) }
      kept.set(name, { info, snapshot: taken })
      return info
    },
    restore (name) {
      const found = kept.get(name)
      if (found === undefined) throw new MOCK_ERR_SNAPSHOT_UNKNOWN(name, kept.size === 0 ? 'none was taken' : `there are ${[...kept.keys()].join(', ')}`)
      restore(found.snapshot)
    },
    delete: name => kept.delete(name)
  }
}
