import { gzipSync } from 'node:zlib'

/** The ten bytes that a gzip file begins with (RFC 1952, section 2.3); what is deflated follows. */
const HEADER_BYTES = 10

/** A body as a gzip file whose beginning is right, so that it is taken for one, and whose first block is of no type that there is. */
export function corruptGzip (body: Buffer): Buffer {
  const zipped = gzipSync(body)
  // Bits 1 and 2 say how a block is compressed; that both are set is reserved (RFC 1951, section 3.2.3).
  zipped[HEADER_BYTES] = 0xFF
  return zipped
}
