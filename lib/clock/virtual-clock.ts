import { setImmediate } from 'node:timers/promises'
import { MOCK_ERR_CLOCK_WAIT } from '../errors.ts'
import type { Clock } from '../clock.ts'
import { parseDuration, parseMoment, type Moment } from './moment.ts'
import type { TestClock } from './test-clock.ts'

/** What a store goes by. */
export interface VirtualClock extends Clock, TestClock {
  /** Has a time that stands still run again, and all that waits for it happen at once: nobody is going to advance it any more. */
  release (): void
}

interface Wait {
  /** By `elapsed`. */
  due: number
  run: () => void
  isIdle: boolean
  disarm: (() => void) | undefined
}

const DEFAULT_TIMEOUT_MS = 5_000
const IDLE = { isIdle: true } as const

// Taken before any test puts fakes in their places: time stands still in these, and requests come all the same.
const startTimer = setTimeout
const stopTimer = clearTimeout

/**
 * A clock that follows another until it is told otherwise.
 *
 * @param parent the system's, or for a scope that of the root
 */
export function createVirtualClock (parent: Clock): VirtualClock {
  const waits = new Set<Wait>()
  const watchers = new Set<() => void>()
  /** By how much it is ahead of its parent. */
  let shift = 0
  let lead = 0
  /** Where it stands while it is frozen. */
  let frozen: { now: number, elapsed: number } | undefined
  let moving: Promise<void> = Promise.resolve()
  let additions = 0

  /** Nobody waits for what is idle. */
  let pending = 0

  const now = (): number => frozen?.now ?? parent.now() + shift
  const elapsed = (): number => frozen?.elapsed ?? parent.elapsed() + lead

  /** Whether it was still there. */
  function drop (wait: Wait): boolean {
    if (!waits.delete(wait)) return false
    if (!wait.isIdle) pending--
    wait.disarm?.()
    return true
  }

  function fire (wait: Wait): void {
    if (drop(wait)) wait.run()
  }

  function arm (wait: Wait, milliseconds: number): void {
    wait.disarm = parent.after(milliseconds, () => fire(wait), wait.isIdle ? IDLE : undefined)
  }

  function disarmAll (): void {
    for (const wait of waits) {
      wait.disarm?.()
      wait.disarm = undefined
    }
  }

  function armAll (): void {
    const passed = elapsed()
    for (const wait of waits) arm(wait, Math.max(0, wait.due - passed))
  }

  function freeze (at: Moment | undefined): void {
    const moment = at === undefined ? now() : parseMoment(at)
    const passed = elapsed()
    if (frozen === undefined) disarmAll()
    frozen = { now: moment, elapsed: passed }
  }

  /** Goes on with its parent, `shift` and `lead` ahead of it. */
  function follow (nextShift: number, nextLead: number): void {
    const isFrozen = frozen !== undefined
    frozen = undefined
    if (!isFrozen) disarmAll()
    shift = nextShift
    lead = nextLead
    armAll()
  }

  function leap (milliseconds: number): void {
    if (frozen !== undefined) frozen = { now: frozen.now + milliseconds, elapsed: frozen.elapsed + milliseconds }
    else {
      shift += milliseconds
      lead += milliseconds
    }
  }

  async function move (milliseconds: number): Promise<void> {
    const target = elapsed() + milliseconds
    if (frozen === undefined) disarmAll()
    try {
      for (;;) {
        // What is under way comes to where it waits.
        await setImmediate()
        const known = additions
        const due = [...waits].filter(wait => wait.due <= target).sort((a, b) => a.due - b.due)
        if (due.length === 0) break
        for (const [index, wait] of due.entries()) {
          if (known !== additions) break
          leap(Math.max(0, wait.due - elapsed()))
          fire(wait)
          if (due[index + 1]?.due !== wait.due) await setImmediate()
        }
      }
      leap(Math.max(0, target - elapsed()))
    } finally {
      if (frozen === undefined) follow(shift, lead)
    }
  }

  return {
    now,
    elapsed,
    after (milliseconds, run, options) {
      const isIdle = options?.isIdle === true
      const delay = Math.max(0, milliseconds)
      const wait: Wait = { due: elapsed() + delay, run, isIdle, disarm: undefined }
      waits.add(wait)
      if (!isIdle) pending++
      additions++
      if (frozen === undefined) arm(wait, delay)
      if (watchers.size > 0) for (const look of watchers) look()
      return () => { drop(wait) }
    },
    get isFrozen () { return frozen !== undefined },
    get pending () { return pending },
    freeze,
    async advance (by) {
      const milliseconds = parseDuration(by)
      const before = moving
      // One at a time; that one of them fails is nothing to the next.
      const mine = before.catch(() => {}).then(() => move(milliseconds))
      moving = mine.catch(() => {})
      await mine
    },
    set (at) {
      const moment = parseMoment(at)
      if (frozen !== undefined) frozen = { ...frozen, now: moment }
      else shift = moment - parent.now()
    },
    resume () {
      if (frozen !== undefined) follow(frozen.now - parent.now(), frozen.elapsed - parent.elapsed())
    },
    reset () {
      // Waits last as long as they did, so that only the time of day goes back.
      follow(0, elapsed() - parent.elapsed())
    },
    release () {
      if (frozen === undefined) return
      const held = [...waits].sort((a, b) => a.due - b.due)
      follow(frozen.now - parent.now(), frozen.elapsed - parent.elapsed())
      for (const wait of held) fire(wait)
    },
    waitForPending (count = 1, { timeout_ms: timeout = DEFAULT_TIMEOUT_MS, signal } = {}) {
      return new Promise((resolve, reject) => {
        const end = (): void => {
          watchers.delete(look)
          stopTimer(timer)
          signal?.removeEventListener('abort', aborted)
        }
        const look = (): void => {
          if (pending < count) return
          end()
          resolve()
        }
        const aborted = (): void => {
          end()
          reject(signal?.reason)
        }
        const timer = startTimer(() => {
          end()
          reject(new MOCK_ERR_CLOCK_WAIT(count, timeout, pending))
        }, timeout)
        if (signal?.aborted === true) return aborted()
        signal?.addEventListener('abort', aborted)
        watchers.add(look)
        look()
      })
    },
    info: () => ({ now: new Date(now()).toISOString(), frozen: frozen !== undefined, offset_ms: Math.round(now() - parent.now()), pending })
  }
}
