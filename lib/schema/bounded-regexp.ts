import { createContext, Script } from 'node:vm'

/** Longer than any match takes that ends within anybody's patience, and short enough to be met a few times. */
const LONGEST_MS = 20
/** The clock runs on while the machine does something else: only what is stopped so often in a row is at fault itself. */
const TRIES = 3

const script = new Script('expression.test(text)')
const context: { expression: RegExp, text: string } = { expression: /^/, text: '' }

/**
 * Runs an expression that may backtrack for ever, and stops it when it does: for look-around and back-references, which no engine
 * of linear time has. What was stopped once is not tried again, and matches everything: a pattern that is not enforced.
 */
export function boundedTest (expression: RegExp): (text: string) => boolean {
  let stopped = false
  return text => {
    if (stopped) return true
    context.expression = expression
    context.text = text
    for (let tries = 0; tries < TRIES; tries++) {
      try {
        return script.runInContext(sandbox(), { timeout: LONGEST_MS }) === true
      } catch {
        // Stopped by the clock.
      }
    }
    stopped = true
    return true
  }
}

let made = false

/** Made when it is first needed, which takes a millisecond. */
function sandbox (): object {
  if (!made) createContext(context)
  made = true
  return context
}
