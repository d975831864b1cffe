import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Copies of what was read from the web, for a start without it. */
export interface ReferenceCache {
  keep (url: URL, bytes: Uint8Array): Promise<void>
  /** The copy, and when it was made; undefined where there is none. */
  find (url: URL): Promise<{ bytes: Uint8Array, made: Date } | undefined>
}

/** Copies in a folder, one file each, called after the hash of the URL. What was read with credentials is for the owner alone. */
export function createReferenceCache (folder: string): ReferenceCache {
  const fileOf = (url: URL): string => join(folder, createHash('sha256').update(url.href).digest('hex'))
  return {
    async keep (url, bytes) {
      const file = fileOf(url)
      const fresh = `${file}.${randomUUID()}`
      await mkdir(folder, { recursive: true })
      await writeFile(fresh, bytes, { mode: 0o600 })
      // A reader meanwhile sees the one or the other, whole.
      await rename(fresh, file)
    },
    async find (url) {
      const file = fileOf(url)
      try {
        const [bytes, { mtime }] = await Promise.all([readFile(file), stat(file)])
        return { bytes, made: mtime }
      } catch {
        return undefined
      }
    }
  }
}
