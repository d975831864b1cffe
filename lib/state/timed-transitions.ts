import type { ScenarioDefinition } from './scenario-definition.ts'

/** A state, and since when: milliseconds since the epoch. */
export interface Since {
  readonly state: string
  readonly since: number
}

/**
 * Where time has led from a state by now. Nothing runs meanwhile: the way is gone when somebody looks, however long ago it began.
 *
 * @returns the same object where nothing happened
 * @example
 * stateAt({ state: 'paid', since: 0 }, new Map([['paid', { to: 'shipped', delay: 5000 }]]), 6000) // { state: 'shipped', since: 5000 }
 */
export function stateAt (begin: Since, after: ScenarioDefinition['after'], now: number): Since {
  let at = begin
  let seen: Map<string, number> | undefined
  for (;;) {
    const next = after.get(at.state)
    if (next === undefined || now - at.since < next.delay) return at
    seen ??= new Map()
    const before = seen.get(at.state)
    if (before === undefined) seen.set(at.state, at.since)
    else {
      // Round and round: whole rounds are skipped, so that a year of them costs what one costs.
      const round = at.since - before
      const skipped = Math.floor((now - at.since) / round) * round
      if (skipped > 0) {
        at = { state: at.state, since: at.since + skipped }
        seen.clear()
        continue
      }
    }
    at = { state: next.to, since: at.since + next.delay }
  }
}
