import type { CollectionsSnapshot, Row } from '../collection/collection.ts'
import type { SessionCollection, SessionCollections } from '../mock-session.ts'
import { answerOf, orUndefined, type Send } from './transport.ts'

interface CollectionInfo { name: string, size: number, version: number, id: string }

const UNKNOWN = 'MOCK_ERR_COLLECTION_UNKNOWN'
const ROW_UNKNOWN = 'MOCK_ERR_ROW_UNKNOWN'
const PAGE = 1000

/** Collections of one session. */
export function createCollectionsClient (send: Send): SessionCollections {
  const at = (name: string): string => `/collections/${encodeURIComponent(name)}`
  const info = (name: string): Promise<CollectionInfo | undefined> => orUndefined(answerOf<CollectionInfo>(send('GET', at(name))), UNKNOWN)

  async function names (): Promise<string[]> {
    const { collections } = await answerOf<{ collections: CollectionInfo[] }>(send('GET', '/collections'))
    return collections.map(({ name }) => name)
  }

  async function rowsOf (name: string): Promise<Row[]> {
    const all: Row[] = []
    for (;;) {
      const { rows, next } = await answerOf<{ rows: Row[], next?: string }>(send('GET', `${at(name)}/rows`, { query: { limit: PAGE, offset: all.length } }))
      all.push(...rows)
      if (next === undefined || rows.length === 0) return all
    }
  }

  function collection (name: string): SessionCollection {
    const row = (id: string | number): string => `${at(name)}/rows/${encodeURIComponent(String(id))}`
    const found = (answer: Promise<unknown>): Promise<Row | undefined> => orUndefined(answerOf<Row>(answer), ROW_UNKNOWN)
    const get: SessionCollection['get'] = id => found(send('GET', row(id)))
    return {
      name,
      rows: () => rowsOf(name),
      get,
      // Numbers and texts alike are the same there, and null is what is missing as well.
      where: async (property, value) => (await rowsOf(name)).filter(row => keyOf(Object.hasOwn(row, property) ? row[property] : null) === keyOf(value)),
      insert: async row => answerOf<Row>(send('POST', `${at(name)}/rows`, { body: row })),
      replace: (id, value) => found(send('PUT', row(id), { body: value })),
      // A merge patch would go deeper, and take null for a removal.
      update: async (id, changes) => {
        const before = await get(id)
        return before === undefined ? undefined : found(send('PUT', row(id), { body: { ...before, ...changes } }))
      },
      async remove (id) {
        const before = await get(id)
        return before === undefined ? undefined : orUndefined(send('DELETE', row(id)).then(() => before), ROW_UNKNOWN)
      },
      clear: async () => { await send('DELETE', `${at(name)}/rows`) }
    }
  }

  return {
    get: async name => await info(name) === undefined ? undefined : collection(name),
    names,
    async snapshot () {
      const rows = await Promise.all((await names()).map(async name => [name, await rowsOf(name)] as const))
      return Object.fromEntries(rows)
    },
    async restore (snapshot: CollectionsSnapshot) {
      for (const [name, rows] of Object.entries(snapshot)) await send('PUT', `${at(name)}/rows`, { body: rows })
    },
    reset: async name => { await send('POST', name === undefined ? '/collections/reset' : `${at(name)}/reset`) }
  }
}

/** Of values that are no texts, numbers or truth values, only the same text is the same. */
const keyOf = (value: unknown): string => value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : `=${String(value)}`
