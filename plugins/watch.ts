import { once } from 'node:events'
import { dirname } from 'node:path'

export interface Watch {
  /** Watches these files instead of the ones before. Settled, the first time, once no change is missed any more. */
  follow (files: readonly string[]): Promise<void>
  close (): Promise<void>
}

/** Editors write in several steps (truncate, write, rename): a change counts once nothing has happened for so long. */
const SETTLE_MS = 60

/**
 * Calls `onChange` when one of the files followed has changed, once for a burst of changes.
 *
 * A file that is missing, or disappears, is waited for: many editors replace a file instead of writing to it. That is why their folders
 * are watched: chokidar waits for the return of a file only where it is the only one.
 */
export async function createWatch (onChange: () => void): Promise<Watch> {
  const { watch } = await import('chokidar')
  let followed = new Set<string>()
  let folders = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  const start = () => watch([...folders], {
    ignoreInitial: true,
    atomic: true,
    depth: 0,
    // What else is in the folders costs nothing.
    ignored: path => !followed.has(path) && !folders.has(path)
  })
  let watcher: ReturnType<typeof start> | undefined
  return {
    async follow (files) {
      const before = { followed, folders }
      followed = new Set(files)
      folders = new Set(files.map(file => dirname(file)))
      if (watcher === undefined) {
        watcher = start().on('all', (_event, path) => {
          if (!followed.has(path)) return
          clearTimeout(timer)
          timer = setTimeout(onChange, SETTLE_MS)
        })
        if (folders.size > 0) await once(watcher, 'ready')
        return
      }
      watcher.unwatch([...before.followed, ...before.folders].filter(path => !followed.has(path) && !folders.has(path)))
      watcher.add([...folders].filter(folder => !before.folders.has(folder)))
      // A folder that is watched already has passed by what nobody wanted then.
      watcher.add([...followed].filter(file => !before.followed.has(file) && before.folders.has(dirname(file))))
    },
    async close () {
      clearTimeout(timer)
      await watcher?.close()
    }
  }
}
