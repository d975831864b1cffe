import type { FSWatcher } from 'chokidar'

export interface Watch {
  /** Watches these files instead of the ones before. */
  follow (files: readonly string[]): void
  close (): Promise<void>
}

/** Editors write in several steps (truncate, write, rename): a change counts once nothing has happened for so long. */
const SETTLE_MS = 60

/**
 * Calls `onChange` when one of the files followed has changed, once for a burst of changes.
 *
 * A file that disappears is waited for: many editors replace a file instead of writing to it.
 */
export async function createWatch (onChange: () => void): Promise<Watch> {
  const { watch } = await import('chokidar')
  const watcher: FSWatcher = watch([], { ignoreInitial: true, atomic: true })
  let followed = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  watcher.on('all', () => {
    clearTimeout(timer)
    timer = setTimeout(onChange, SETTLE_MS)
  })
  return {
    follow (files) {
      const next = new Set(files)
      watcher.add(files.filter(file => !followed.has(file)))
      watcher.unwatch([...followed].filter(file => !next.has(file)))
      followed = next
    },
    async close () {
      clearTimeout(timer)
      await watcher.close()
    }
  }
}
