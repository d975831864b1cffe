import { realpath } from 'node:fs/promises'
import { isAbsolute, relative, resolve, sep } from 'node:path'

/** Where a `file` body really is, or why it may not or cannot be sent. */
export type BodyFile = { path: string } | { problem: 'missing' | 'outside' }

/**
 * Resolves the path of a body inside a folder, symbolic links followed: what leads out of it is refused.
 *
 * @param folder absolute; that of the file which declares the body
 */
export async function resolveBodyFile (folder: string, file: string): Promise<BodyFile> {
  const path = resolve(folder, file)
  if (!isInside(folder, path)) return { problem: 'outside' }
  try {
    const [root, real] = await Promise.all([realpath(folder), realpath(path)])
    return isInside(root, real) ? { path: real } : { problem: 'outside' }
  } catch {
    return { problem: 'missing' }
  }
}

function isInside (folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}
