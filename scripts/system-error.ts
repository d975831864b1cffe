import { EXIT } from './exit-codes.ts'
import { Failure } from './failure.ts'

/** What the operating system says, in words, and what to do about it. */
const KNOWN: Readonly<Record<string, readonly [reason: string, remedy: string]>> = {
  ENOENT: ['there is no such file or folder', 'check the path'],
  ENOTDIR: ['a part of the path is a file, not a folder', 'check the path'],
  EISDIR: ['it is a folder, not a file', 'name a file in it'],
  EACCES: ['permission denied', 'check who may read and write it'],
  EPERM: ['permission denied', 'check who may read and write it'],
  EROFS: ['the file system is read-only', 'choose a path elsewhere'],
  ENOSPC: ['the disk is full', 'make room, or choose a path elsewhere'],
  EMFILE: ['too many files are open', 'raise the limit (ulimit -n)'],
  ELOOP: ['its symbolic links go round in a circle', 'check the path']
}

/** The code of a system error (`ENOENT`), undefined for anything else. */
export function systemCode (error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/**
 * A failure of the file system, told in words; undefined for an error that is none.
 *
 * @example
 * fileFailure(error, "'mock.json' cannot be read") // 'mock.json' cannot be read: permission denied
 */
export function fileFailure (error: unknown, what: string): Failure | undefined {
  const known = KNOWN[systemCode(error) ?? '']
  return known === undefined ? undefined : new Failure(EXIT.io, `${what}: ${known[0]}`, known[1], { cause: error })
}
