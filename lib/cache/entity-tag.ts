import { createHash } from 'node:crypto'

/**
 * A tag for an answer (RFC 9110, section 8.8.3). Its content type counts: two representations of one resource may not share a strong tag.
 *
 * @example
 * entityTag('strong', 'hi', 'text/plain') // '"LRMPS5_FlfQ6mOH2sS-mfA"'
 */
export function entityTag (strength: 'strong' | 'weak', payload: string | Buffer, contentType: string): string {
  return tagOf(strength, createHash('sha256').update(contentType).update('\0').update(payload))
}

/** The same of what comes in pieces. */
export async function streamedEntityTag (strength: 'strong' | 'weak', chunks: AsyncIterable<Buffer>, contentType: string): Promise<string> {
  const hash = createHash('sha256').update(contentType).update('\0')
  for await (const chunk of chunks) hash.update(chunk)
  return tagOf(strength, hash)
}

/** 128 bits of it: nobody forges tags of a mock server. */
const tagOf = (strength: 'strong' | 'weak', hash: ReturnType<typeof createHash>): string =>
  `${strength === 'weak' ? 'W/' : ''}"${hash.digest().subarray(0, 16).toString('base64url')}"`

const ENTITY_TAG = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g

/** Whether a header is `*`, which stands for any tag. */
export const isAnyTag = (header: string): boolean => header.trim() === '*'

/**
 * Whether a list of tags has the tag. Strong comparison: both are strong, and the same; weak: they are the same but for `W/` (RFC 9110,
 * section 8.8.3.2).
 *
 * @example
 * listsTag('W/"a", "b"', '"a"', 'weak') // true
 * listsTag('W/"a", "b"', '"a"', 'strong') // false
 */
export function listsTag (header: string, tag: string, comparison: 'strong' | 'weak'): boolean {
  const tags: string[] = header.match(ENTITY_TAG) ?? []
  return comparison === 'weak' ? tags.some(one => opaque(one) === opaque(tag)) : isStrong(tag) && tags.includes(tag)
}

export const isStrong = (tag: string): boolean => !tag.startsWith('W/')

const opaque = (tag: string): string => isStrong(tag) ? tag : tag.slice(2)
