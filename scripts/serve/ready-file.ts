import { access, constants, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileFailure } from '../system-error.ts'

/** A file that is there as long as the server answers, and holds its URL: what scripts wait for. */
export interface ReadyFile {
  write (url: string): Promise<void>
  remove (): Promise<void>
}

/**
 * Takes away what an earlier run may have left, and makes sure that the file can be written later. It appears with its content,
 * never empty: whoever polls for it may read it at once.
 *
 * @throws Failure when the file cannot be written
 */
export async function createReadyFile (path: string | undefined): Promise<ReadyFile> {
  if (path === undefined) return { write: async () => {}, remove: async () => {} }
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      throw fileFailure(error, `the ready file '${path}' cannot be written`) ?? error
    }
  }
  await attempt(async () => {
    await rm(path, { force: true })
    await access(dirname(path), constants.W_OK)
  })
  return {
    write: url => attempt(async () => {
      const draft = `${path}.${process.pid}`
      await writeFile(draft, `${url}\n`)
      await rename(draft, path)
    }),
    remove: () => rm(path, { force: true })
  }
}
