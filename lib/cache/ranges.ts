/** Bytes of a representation: from the first to the last, both included. */
export interface ByteRange {
  readonly first: number
  readonly last: number
}

/** More parts in one answer help nobody but who wants to keep a server busy (RFC 9110, section 14.2). */
const MOST_RANGES = 100

/**
 * Reads the header `Range` (RFC 9110, section 14.1.2).
 *
 * @param length of the whole, in bytes
 * @returns the parts that there are, in the order asked for; `unsatisfiable` where none is; undefined where the header is to be overlooked,
 *   and the whole to be sent
 * @example
 * parseRanges('bytes=0-1,-2', 10) // [{ first: 0, last: 1 }, { first: 8, last: 9 }]
 * parseRanges('bytes=10-', 10) // 'unsatisfiable'
 */
export function parseRanges (header: string, length: number): ByteRange[] | 'unsatisfiable' | undefined {
  const [, list] = /^\s*bytes\s*=([\s\d,-]+)$/i.exec(header) ?? []
  if (list === undefined) return undefined
  const ranges: ByteRange[] = []
  let count = 0
  for (const text of list.split(',')) {
    const spec = text.trim()
    if (spec === '') continue
    const [, from, to] = /^(\d*)-(\d*)$/.exec(spec) ?? []
    if (from === undefined || to === undefined || (from === '' && to === '')) return undefined
    if (++count > MOST_RANGES) return undefined
    if (from === '') {
      const suffix = Number(to)
      if (suffix > 0 && length > 0) ranges.push({ first: Math.max(0, length - suffix), last: length - 1 })
      continue
    }
    const first = Number(from)
    if (to !== '' && Number(to) < first) return undefined
    if (first < length) ranges.push({ first, last: to === '' ? length - 1 : Math.min(Number(to), length - 1) })
  }
  if (count === 0) return undefined
  if (ranges.length === 0) return 'unsatisfiable'
  // Parts that overlap so far that they are more than the whole: then the whole is the better answer.
  return ranges.length > 1 && ranges.reduce((sum, range) => sum + sizeOf(range), 0) > length ? undefined : ranges
}

export const sizeOf = ({ first, last }: ByteRange): number => last - first + 1

/**
 * @example
 * contentRange({ first: 0, last: 1 }, 10) // 'bytes 0-1/10'
 * contentRange(undefined, 10) // 'bytes *\/10'
 */
export const contentRange = (range: ByteRange | undefined, length: number): string =>
  `bytes ${range === undefined ? '*' : `${range.first}-${range.last}`}/${length}`
