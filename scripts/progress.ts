/** One line that changes while something takes its time: on a terminal only. */
export interface Progress {
  show (text: string): void
  clear (): void
}

/** What is faster than this needs no line. */
const QUIET_MS = 300

export function createProgress (screen: NodeJS.WriteStream): Progress {
  const start = performance.now()
  let shown = false
  return {
    show (text) {
      if (!screen.isTTY || performance.now() - start < QUIET_MS) return
      shown = true
      screen.write(`\r\u001B[K${text}`)
    },
    clear () {
      if (shown) screen.write('\r\u001B[K')
      shown = false
    }
  }
}
