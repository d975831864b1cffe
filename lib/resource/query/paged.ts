import type { Collection, Row } from '../../collection/collection.ts'
import type { PageAsked } from './page.ts'

/** A part of a list, and where in it that is. */
export interface Paged {
  readonly rows: readonly Row[]
  readonly total: number
  readonly offset: number
  /** How long a page is. */
  readonly size: number
  /** Number of the page, from 1. */
  readonly page: number
  readonly pages: number
  /** Where the next page begins. */
  readonly nextCursor: string | undefined
}

/** Cuts out the part that is asked for. */
export function cut (all: readonly Row[], asked: PageAsked, collection: Collection): Paged {
  const total = all.length
  switch (asked.kind) {
    case 'all': return paged(all, total, 0, total, collection)
    case 'slice': {
      const rows = all.slice(asked.start, asked.end)
      return paged(rows, total, asked.start < 0 ? Math.max(0, total + asked.start) : asked.start, rows.length, collection)
    }
    case 'offset': return paged(all.slice(asked.offset, asked.offset + asked.size), total, asked.offset, asked.size, collection)
    case 'page': {
      const last = Math.max(1, Math.ceil(total / asked.size))
      const page = asked.isClamped ? Math.min(asked.page, last) : asked.page
      const offset = (page - 1) * asked.size
      return paged(all.slice(offset, offset + asked.size), total, offset, asked.size, collection)
    }
    case 'cursor': {
      const offset = asked.cursor === undefined ? 0 : offsetOf(all, asked.cursor, collection)
      return paged(all.slice(offset, offset + asked.size), total, offset, asked.size, collection)
    }
  }
}

function paged (rows: readonly Row[], total: number, offset: number, size: number, { idKey }: Collection): Paged {
  const last = rows.at(-1)
  const end = offset + rows.length
  return {
    rows,
    total,
    offset,
    size,
    page: Math.floor(offset / Math.max(1, size)) + 1,
    pages: Math.max(1, Math.ceil(total / Math.max(1, size))),
    nextCursor: last === undefined || end >= total ? undefined : Buffer.from(JSON.stringify([end, last[idKey]])).toString('base64url')
  }
}

/** Whether a text is a cursor that was handed out here. */
export const isCursor = (text: string): boolean => readCursor(text) !== undefined

function readCursor (text: string): { end: number, id: unknown } | undefined {
  try {
    const read: unknown = JSON.parse(Buffer.from(text, 'base64url').toString())
    if (!Array.isArray(read)) return undefined
    const [end, id]: unknown[] = read
    return typeof end === 'number' && Number.isInteger(end) && end >= 0 ? { end, id } : undefined
  } catch {
    return undefined
  }
}

/** Behind the row that the cursor names, wherever it stands by now; where it is gone, at its old place. */
function offsetOf (all: readonly Row[], cursor: string, collection: Collection): number {
  const read = readCursor(cursor)
  if (read === undefined) return 0
  const { end, id } = read
  if (end > 0 && all[end - 1]?.[collection.idKey] === id) return end
  const row = typeof id === 'string' || typeof id === 'number' ? collection.get(id) : undefined
  const index = row === undefined ? -1 : all.indexOf(row)
  return index === -1 ? Math.max(0, end - 1) : index + 1
}
