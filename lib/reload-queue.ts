/**
 * Runs one task at a time; of those that wait, only the newest is run, and those that it replaced get its result.
 *
 * @example
 * const queue = createReloadQueue()
 * queue(() => build(a)); queue(() => build(b)); queue(() => build(c)) // builds a, then c; b's promise settles as c's
 */
export function createReloadQueue<Result> (): (task: () => Promise<Result>) => Promise<Result> {
  let running: Promise<unknown> | undefined
  let waiting: { task: () => Promise<Result>, result: Promise<Result> } | undefined

  return task => {
    if (waiting !== undefined) {
      waiting.task = task
      return waiting.result
    }
    if (running === undefined) return run(task)
    const next: { task: () => Promise<Result>, result: Promise<Result> } = {
      task,
      result: running.then(() => {
        waiting = undefined
        return run(next.task)
      })
    }
    waiting = next
    return next.result
  }

  function run (task: () => Promise<Result>): Promise<Result> {
    const result = task()
    // What waits goes on whether or not this one succeeds; whoever asked for it hears of its failure.
    const settled = result.then(() => {}, () => {}).then(() => { if (running === settled) running = undefined })
    running = settled
    return result
  }
}

/** Runs one task at a time, in the order in which they were given, whether or not those before succeed. */
export function createExclusive (): <Result>(task: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve()
  return task => {
    const result = last.then(task)
    last = result.catch(() => {})
    return result
  }
}
