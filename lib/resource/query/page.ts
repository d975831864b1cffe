import type { ParameterNames } from './parameter-names.ts'

/** The part of a list that a request asks for. */
export type PageAsked =
  | { readonly kind: 'all' }
  /** As `Array.prototype.slice` has it. */
  | { readonly kind: 'slice', readonly start: number, readonly end: number | undefined }
  /** `isClamped`: a page behind the last is the last. */
  | { readonly kind: 'page', readonly page: number, readonly size: number, readonly isClamped: boolean, readonly isEnveloped: boolean }
  | { readonly kind: 'offset', readonly offset: number, readonly size: number }
  | { readonly kind: 'cursor', readonly cursor: string | undefined, readonly size: number }

export interface PagingRules {
  readonly names: ParameterNames
  readonly isJsonServer: boolean
  /** Which version of json-server `_page` alone is read by. */
  readonly isV1: boolean
  readonly size: number
  readonly most: number
}

/** A number that is wrong: which parameter, and what it has to be. */
export interface PagingFault {
  readonly name: string
  readonly expected: string
  readonly actual: string
}

type Read = (name: string) => string | undefined

/** What is wrong is told, and read as if it were not there. */
export function readPage (rules: PagingRules, read: Read, fault: (fault: PagingFault) => void): PageAsked {
  const number = (name: string | undefined, least: number): number | undefined => {
    const text = name === undefined ? undefined : read(name)
    if (name === undefined || text === undefined) return undefined
    const value = /^-?\d{1,15}$/.test(text) ? Number(text) : NaN
    if (value >= least) return value
    fault({ name, expected: `a whole number${least === -Infinity ? '' : ` from ${least}`}`, actual: text.slice(0, 40) })
    return undefined
  }
  return rules.isJsonServer ? jsonServerPage(rules, read, number) : plainPage(rules, read, number)
}

type ReadNumber = (name: string | undefined, least: number) => number | undefined

function jsonServerPage ({ names, isV1, size: usual, most }: PagingRules, read: Read, number: ReadNumber): PageAsked {
  const asks = (name: string | undefined) => name !== undefined && read(name) !== undefined
  // Neither version pages a list for its size alone.
  if (asks(names.page)) {
    const isEnveloped = asks(names.size) || (isV1 && !asks(names.limit))
    if (isEnveloped) {
      // Version 1 says that it takes the nearest that makes sense.
      const page = Math.floor(Number(read(names.page ?? '') ?? 1))
      const size = Math.floor(Number(read(names.size ?? '') ?? usual))
      return { kind: 'page', page: page >= 1 ? page : 1, size: Math.min(size >= 1 ? size : usual, most), isClamped: true, isEnveloped }
    }
    return { kind: 'page', page: number(names.page, 1) ?? 1, size: Math.min(number(names.limit, 1) ?? usual, most), isClamped: false, isEnveloped }
  }
  const limit = number(names.limit, 0)
  const start = number(names.start, -Infinity)
  const end = number(names.end, -Infinity)
  if (limit === undefined && start === undefined && end === undefined) return { kind: 'all' }
  const from = start ?? 0
  return { kind: 'slice', start: from, end: end ?? (limit === undefined ? undefined : from < 0 && from + limit >= 0 ? undefined : from + limit) }
}

function plainPage ({ names, size: usual, most }: PagingRules, read: Read, number: ReadNumber): PageAsked {
  if (names.cursor !== undefined) return { kind: 'cursor', cursor: read(names.cursor), size: Math.min(number(names.limit, 1) ?? usual, most) }
  if (names.offset !== undefined) {
    const [offset, limit] = [number(names.offset, 0), number(names.limit, 0)]
    return { kind: 'offset', offset: offset ?? 0, size: Math.min(limit ?? usual, most) }
  }
  return { kind: 'page', page: number(names.page, 1) ?? 1, size: Math.min(number(names.size, 1) ?? usual, most), isClamped: false, isEnveloped: false }
}
