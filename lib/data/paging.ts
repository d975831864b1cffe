import type { RequestView } from '../request-view.ts'
import { askedFor, countAsked, writtenName, type PagingParameter, type PagingParameters } from './paging-parameters.ts'
import type { Page } from './paging-fields.ts'

/** A part of a list. */
export interface Slice {
  readonly offset: number
  readonly size: number
}

/** Nothing that a request asks for makes a page longer than this. */
const MAX_SIZE = 1000

/** Whether further parts of a list can be asked for. */
export const isPaged = ({ page, offset, cursor }: PagingParameters): boolean => page !== undefined || offset !== undefined || cursor !== undefined

/**
 * The part of a list that a request asks for; undefined when it says nothing of the kind.
 *
 * @param usual how long a part is when the request does not say
 * @param indexOf place of a thing by its id, which some APIs take as a cursor
 */
export function sliceAsked (query: URLSearchParams, parameters: PagingParameters, usual: number, indexOf: (id: string) => number | undefined): Slice | undefined {
  const asked = countAsked(query, parameters.size)
  const size = Math.min(asked ?? usual, MAX_SIZE)
  const start = countAsked(query, parameters.offset)
  if (start !== undefined) return { offset: start, size }
  const page = countAsked(query, parameters.page)
  if (page !== undefined) return { offset: Math.max(0, page - (parameters.page?.fromZero === true ? 0 : 1)) * size, size }
  const cursor = askedFor(query, parameters.cursor)
  if (cursor !== undefined) {
    const index = indexOf(cursor)
    return { offset: index === undefined ? fromToken(cursor, parameters.cursor) ?? 0 : index + 1, size }
  }
  const before = askedFor(query, parameters.before)
  if (before !== undefined) {
    const end = indexOf(before) ?? fromToken(before, parameters.before) ?? 0
    return { offset: Math.max(0, end - size), size: Math.min(size, end) }
  }
  return asked === undefined ? undefined : { offset: 0, size }
}

/** What a client hands back to go on: opaque, or a plain number where the parameter is one. */
function toToken (offset: number, parameter: PagingParameter | undefined): string {
  return parameter?.isNumber === true ? String(offset) : Buffer.from(`offset:${offset}`).toString('base64url')
}

function fromToken (token: string, parameter: PagingParameter | undefined): number | undefined {
  const text = parameter?.isNumber === true ? token : /^offset:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1]
  return text === undefined || !/^\d{1,9}$/.test(text) ? undefined : Number(text)
}

/** All that can be said of a page. */
export function pageOf (slice: Slice, total: number, idOf: (index: number) => unknown, parameters: PagingParameters, request: RequestView): Page {
  const { offset, size } = slice
  const last = Math.min(offset + size, total) - 1
  const sent = sentIn(request)
  const token = (at: number): string => {
    // Where the cursor is a number, things are gone on from by their ids.
    const id = parameters.cursor?.isNumber === true && at > 0 ? idOf(at - 1) : undefined
    return typeof id === 'number' ? String(id) : toToken(at, parameters.cursor)
  }
  const number = (at: number) => Math.floor(at / Math.max(1, size)) + (parameters.page?.fromZero === true ? 0 : 1)
  return {
    total,
    offset,
    size,
    count: Math.max(0, Math.min(size, total - offset)),
    number: number(offset),
    firstId: last < offset ? undefined : idOf(offset),
    lastId: last < offset ? undefined : idOf(last),
    token,
    url (at) {
      const { page, cursor, offset: start } = parameters
      // As the request asked, where it did: else by whatever there is.
      const asked = [page, start, cursor].find(one => askedFor(sent, one) !== undefined) ?? page ?? start ?? cursor
      if (asked === undefined) return absolute(request, new Map())
      const value = asked === page ? String(number(at)) : asked === start ? String(at) : token(at)
      return absolute(request, new Map([[writtenName(asked), value]]))
    }
  }
}

/** The query as it was sent. */
export const sentIn = ({ url }: RequestView): URLSearchParams => new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?') + 1) : '')

/** The request's own address with other parameters. */
function absolute ({ protocol, host, url }: RequestView, changes: ReadonlyMap<string, string>): string {
  const at = url.indexOf('?')
  const query = new URLSearchParams(at === -1 ? '' : url.slice(at + 1))
  for (const [name, value] of changes) query.set(name, value)
  const text = query.toString()
  return `${protocol}://${host}${at === -1 ? url : url.slice(0, at)}${text === '' ? '' : `?${text}`}`
}

/** The `Link` header (RFC 8288) of a page; undefined when there is but one. */
export function linkHeader (page: Page): string | undefined {
  const { total, offset, size, count } = page
  const last = Math.max(0, Math.ceil(total / Math.max(1, size)) - 1) * size
  const links: string[] = []
  if (offset > 0) links.push(relation(page, Math.min(last, Math.max(0, offset - size)), 'prev'))
  if (count > 0 && offset + count < total) links.push(relation(page, offset + size, 'next'), relation(page, last, 'last'))
  if (offset > 0) links.push(relation(page, 0, 'first'))
  return links.length === 0 ? undefined : links.join(', ')
}

const relation = (page: Page, offset: number, name: string): string => `<${page.url(offset)}>; rel="${name}"`
