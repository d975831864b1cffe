import { compileGroup } from '../choose-group.ts'
import type { ChoiceContext } from '../choose-holding.ts'
import { compileCondition } from '../condition/compile-condition.ts'
import type { ConditionTools } from '../condition/value-test.ts'
import type { Burst, Occurrence } from '../config-keys/injection.ts'
import type { Counter, CounterKey } from './counters.ts'
import { compileSchedule } from './schedule.ts'

/** A request to an endpoint, as far as it matters to whether it is struck. */
export interface StruckContext extends ChoiceContext {
  /** Which request to its endpoint it is, from 1. */
  readonly count: number
  readonly endpoint: ChoiceContext['endpoint'] & { readonly names?: { readonly overlay?: string } }
}

/** Says which requests something is done to. */
export interface CompiledOccurrence {
  /** What it was made of: what is counted under one text is not counted under another. */
  readonly text: string
  /** Counts the request, and says whether it is struck. To be asked once for each. */
  strikes (context: StruckContext): boolean
}

export interface OccurrenceOptions {
  /** What is counted: the same failure of the same endpoint, or of one of its answers. */
  readonly key: string
  readonly kind: 'failure' | 'fault'
}

/** Whether a counted request is struck. The `n`th of those that are counted is asked about, from 1. */
type Rule = (n: number, counter: Counter, context: StruckContext) => boolean

/**
 * Compiles which requests are struck. `when` says which are counted at all; of those, all the other keys that are set have to allow it.
 *
 * @throws ConditionError
 * @example
 * const occurrence = compileOccurrence({ first: 2, per: { header: 'idempotency-key' } }, { key: 'GET /a failure', kind: 'failure' })
 * occurrence.strikes(exchange) // true, true, false …
 */
export function compileOccurrence (options: Occurrence, { key, kind }: OccurrenceOptions, tools: ConditionTools = {}): CompiledOccurrence {
  const text = textOf(options)
  const { when, per, skip = 0 } = options
  const condition = when === undefined ? undefined : compileCondition(when, tools)
  const groupOf = per === undefined ? undefined : compileGroup(per)
  const rules = rulesOf(options)
  const keys = new WeakMap<object, CounterKey>()

  /** The same object for all requests to an endpoint: what is told apart by its scope is the counter. */
  function keyOf ({ endpoint }: StruckContext): CounterKey {
    let found = keys.get(endpoint)
    if (found === undefined) keys.set(endpoint, found = { endpoint: endpoint.id, source: endpoint.source?.id ?? endpoint.id, isOverlay: endpoint.names?.overlay !== undefined, key, kind, text })
    return found
  }

  return {
    text,
    strikes (context) {
      if (condition !== undefined && !condition.holds(subjectOf(context))) return false
      const { injections } = context.store
      const counter = injections.counter(keyOf(context), groupOf?.(context.request))
      counter.seen++
      const n = counter.seen - skip
      if (n < 1) return false
      // Each is asked, whatever the others say: a burst goes on whether or not it strikes.
      let isStruck = true
      for (let i = 0; i < rules.length; i++) if (!rules[i]!(n, counter, context)) isStruck = false
      if (isStruck) counter.struck++
      return isStruck
    }
  }
}

/** The keys that say which requests are struck, in one order. */
export function textOf ({ rate, every, first, skip, times, burst, schedule, when, per }: Occurrence): string {
  return JSON.stringify([rate, every, first, skip, times, burst, schedule, when, per])
}

const subjectOf = (context: StruckContext) => ({
  get request () { return context.request },
  count: context.count,
  state: context.store
})

function rulesOf ({ rate, every, first, times, burst, schedule }: Occurrence): readonly Rule[] {
  const rules: Rule[] = []
  if (first !== undefined) rules.push(n => n <= first)
  if (every !== undefined) rules.push(n => n % every === 0)
  if (burst !== undefined) rules.push(burstRule(burst))
  if (schedule !== undefined) {
    const isOpen = compileSchedule(schedule)
    rules.push((_n, { since }, { store }) => isOpen(store.clock.now(), since))
  }
  if (rate !== undefined && rate < 1) rules.push((_n, _counter, { random }) => random.next() < rate)
  if (times !== undefined) rules.push((_n, { struck }) => struck < times)
  return rules
}

/** A pattern, or Gilbert's model: each request may begin or end a burst. */
function burstRule (burst: Burst): Rule {
  if ('of' in burst) return n => (n - 1) % burst.every < burst.of
  return (_n, counter, { random }) => {
    counter.isInBurst = counter.isInBurst ? random.next() >= burst.end : random.next() < burst.start
    return counter.isInBurst
  }
}
