/** Between two slices of work others have their turn: one in five milliseconds is ours, at most. */
const PAUSE_MS = 20
const SLICE_MS = 4

/**
 * Does work step by step while nobody is being answered, and never keeps the process alive for it.
 *
 * @param isBusy whether a request is being answered
 * @returns ends it
 */
export function warmInBackground (work: Iterator<void, void>, isBusy: () => boolean): () => void {
  let timer: NodeJS.Timeout | undefined
  const later = () => {
    timer = setTimeout(slice, PAUSE_MS)
    timer.unref()
  }
  function slice (): void {
    const start = performance.now()
    let isDone = false
    while (!isDone && !isBusy() && performance.now() - start < SLICE_MS) isDone = work.next().done === true
    if (!isDone) later()
  }
  later()
  return () => clearTimeout(timer)
}
