import type { Config, SharedCacheOptions } from '../config.ts'

/** How much a shared cache may hold. */
export interface CacheBounds {
  readonly bytes: number
  readonly entries: number
  /** The largest body, in bytes. */
  readonly body: number
}

const MiB = 1024 * 1024

export function boundsOf (configured: Config['shared_cache']): CacheBounds {
  const { max_bytes: bytes = 64 * MiB, max_entries: entries = 10_000, max_entry_bytes: body = 8 * MiB }: SharedCacheOptions = typeof configured === 'object' ? configured : {}
  return { bytes, entries, body: Math.min(body, bytes) }
}
