import zlib from 'node:zlib'
import type { Transform } from 'node:stream'
import { LenientInflate } from './lenient-inflate.ts'

/** Makes what undoes one encoding. */
type Inflater = () => Transform

/** Node 22.15 and later know Zstandard. */
const zstd: unknown = Reflect.get(zlib, 'createZstdDecompress')

const INFLATERS: ReadonlyMap<string, Inflater> = new Map<string, Inflater>([
  ['gzip', () => zlib.createGunzip()],
  ['x-gzip', () => zlib.createGunzip()],
  ['deflate', () => new LenientInflate()],
  ['br', () => zlib.createBrotliDecompress()],
  ...typeof zstd === 'function' ? [['zstd', () => zstd() as Transform] as const] : []
])

/** What `Accept-Encoding` tells. */
export const ENCODINGS: string = [...INFLATERS.keys()].filter(name => name !== 'x-gzip').join(', ')

/** Nobody compresses more often; each time multiplies what a few bytes can become. */
const MOST = 2

/**
 * What undoes a `Content-Encoding`, in the order in which it has to be done (RFC 9110, section 8.4); undefined when one of the
 * encodings is not known.
 */
export function inflatersFor (contentEncoding: string): Inflater[] | undefined {
  const names = contentEncoding.split(',').map(name => name.trim().toLowerCase()).filter(name => name !== '' && name !== 'identity')
  const inflaters = names.reverse().flatMap(name => INFLATERS.get(name) ?? [])
  return inflaters.length === names.length && names.length <= MOST ? inflaters : undefined
}
