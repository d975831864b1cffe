import { Type } from 'typebox'

/** Most that one answer lists: nobody's page may keep the server from answering others. */
const MOST = 1000

export const PageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST, default: MOST, description: 'At most so many.' })),
  offset: Type.Optional(Type.Integer({ minimum: 0, default: 0, description: 'Without the first so many.' }))
}

export interface Page<T> {
  items: T[]
  total: number
  next?: string
}

/** One page of a list, with the way to the next. `url` is the request's, path and query. */
export function pageOf<T> (list: readonly T[], { limit = MOST, offset = 0 }: { limit?: number, offset?: number }, url: string): Page<T> {
  const items = list.slice(offset, offset + limit)
  const end = offset + items.length
  return { items, total: list.length, ...(end < list.length ? { next: linkWith(url, { offset: String(end) }) } : {}) }
}

/** The same request with other query parameters. The token of a query is never repeated. */
export function linkWith (url: string, parameters: Record<string, string>): string {
  const [path = ''] = url.split('?', 1)
  const search = new URLSearchParams(url.slice(path.length + 1))
  search.delete('access_token')
  for (const [name, value] of Object.entries(parameters)) search.set(name, value)
  return `${path}?${search}`
}
