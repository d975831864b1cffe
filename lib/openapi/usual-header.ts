/** Texts that clients read, and would make nothing of another: what is in these headers has a grammar of its own. */
const VALUES: ReadonlyMap<string, string> = new Map([
  ['accept-ranges', 'bytes'],
  ['cache-control', 'no-cache'],
  ['content-disposition', 'attachment'],
  ['content-language', 'en'],
  ['etag', '"1"'],
  ['expires', 'Thu, 29 Feb 2024 12:34:56 GMT'],
  ['last-modified', 'Thu, 29 Feb 2024 12:34:56 GMT'],
  ['link', '</>; rel="self"'],
  ['retry-after', '1'],
  ['set-cookie', 'session=1'],
  ['www-authenticate', 'Bearer']
])

const ID = '3fa85f64-5717-4562-b3fc-2c963f66afa6'

/**
 * What is usual in a header that has to be there, and of which a document tells nothing but that it is a text; undefined for names
 * that say nothing.
 *
 * @example
 * usualHeader('ETag') // '"1"'
 */
export const usualHeader = (name: string): string | undefined =>
  VALUES.get(name.toLowerCase()) ?? (/(?:request|correlation|trace|transaction)[-_]?id$/i.test(name) ? ID : undefined)
