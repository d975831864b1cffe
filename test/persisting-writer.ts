import process from 'node:process'
import type { Collection, Row } from '../lib/collection/collection.ts'
import { defineCollection } from '../lib/collection/define-collection.ts'
import { keepState } from '../lib/persist/keep-state.ts'
import { createStore } from '../lib/store.ts'

/** What `persistence.test.ts` kills: a process that writes to a collection as fast as it can, and tells what it was promised to last. */

export const definitions = () => [defineCollection('things', { rows: [{ id: 'seed', n: 0 }], ids: 'nanoid' })]

/** The nth write: most add a row, some change or remove an earlier one. Each is one record of the journal. */
export function write (things: Pick<Collection, 'insert' | 'replace' | 'remove'>, n: number): void {
  if (n % 5 === 4) things.remove(`row ${n - 3}`)
  else if (n % 5 === 3) things.replace('seed', { n, filler: 'x'.repeat(n % 50) })
  else things.insert({ id: `row ${n}`, n })
}

/** How many writes led to these rows, at least: the last may have removed one. */
export const latest = (rows: readonly Row[]): number => rows.reduce((most, { n }) => Math.max(most, Number(n)), 0)

async function run (folder: string, fsync: 'always' | 'interval' | 'never'): Promise<void> {
  const store = createStore()
  store.configure({}, definitions())
  const kept = await keepState(store, {
    folder, persist: { fsync, interval_ms: 5 }, config: {}, definitions: definitions(), compactAt: 4_000, onWarning: (message, details) => process.stderr.write(`${message} ${JSON.stringify(details)}\n`)
  })
  const things = store.collections.get('things')
  if (things === undefined) return
  let n = latest(things.all())
  // The write that removes leaves no number behind: it may or may not have been done.
  if (n % 5 === 3 && things.get(`row ${n - 2}`) === undefined) n++
  process.stdout.write(`${n}\n`)
  for (;;) {
    for (let burst = 0; burst < 7; burst++) write(things, ++n)
    await kept.flushed()
    process.stdout.write(`${n}\n`)
  }
}

const [, , folder, fsync] = process.argv
if (folder !== undefined && (fsync === 'always' || fsync === 'interval' || fsync === 'never')) await run(folder, fsync)
