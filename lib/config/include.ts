import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, extname, resolve } from 'node:path'
import { glob, isDynamicPattern } from 'tinyglobby'
import { nearest } from './nearest.ts'

/** What a folder is searched for. */
const EXTENSIONS = new Set(['.json', '.jsonc', '.yaml', '.yml'])

/** The files that one entry of `include` stands for. */
export interface Included {
  /** Absolute paths, in a fixed order. */
  files: string[]
  /** Whether they were found by a pattern or in a folder, so that the including file may be among them. */
  searched: boolean
}

/**
 * Resolves one entry of `include`, relative to a folder: a file, a folder (its JSON and YAML files, not those of folders in it)
 * or a glob. Files that match are sorted by path, so that the result does not depend on the file system.
 */
export async function resolveInclude (pattern: string, folder: string, signal?: AbortSignal): Promise<Included> {
  const path = resolve(folder, pattern)
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory() === true) {
    const entries = await readdir(path, { withFileTypes: true })
    const names = entries.filter(entry => !entry.isDirectory() && EXTENSIONS.has(extname(entry.name).toLowerCase())).map(({ name }) => name)
    return { files: names.sort().map(name => resolve(path, name)), searched: true }
  }
  // A file that is called like a pattern, `[id].json`, is meant as a file.
  if (found !== undefined || !isDynamicPattern(pattern)) return { files: [path], searched: false }
  const matches = await glob(pattern, {
    cwd: folder,
    absolute: true,
    expandDirectories: false,
    ignore: ['**/node_modules/**'],
    ...signal !== undefined && { signal }
  })
  return { files: matches.map(match => resolve(match)).sort(), searched: true }
}

/** The file in the same folder that a missing one was most likely meant to be. */
export async function nearestFile (path: string): Promise<string | undefined> {
  const names = await readdir(dirname(path)).catch(() => [])
  return nearest(basename(path), names)
}
