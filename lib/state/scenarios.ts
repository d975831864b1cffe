import type { Clock } from '../clock.ts'
import { MOCK_ERR_SCENARIO_STATE_UNKNOWN, MOCK_ERR_SCENARIO_UNKNOWN } from '../errors.ts'
import { tellListeners } from '../tell-listeners.ts'
import { STARTED, type ScenarioDefinition, type ScenarioDefinitions } from './scenario-definition.ts'
import { suggest } from './suggest.ts'
import { stateAt, type Since } from './timed-transitions.ts'

/** State machines, by name. Each is in one state; one that was never set is in its initial state. */
export interface Scenarios {
  /** `Started` for a scenario that nobody knows. */
  state (name: string): string
  /**
   * Moves, if it is in one of the states `from` (in any, where there is none): one compare-and-set. Whether it did. It asks no
   * questions: a name or a state that was never heard of is one from now on.
   */
  move (name: string, to: string, from?: readonly string[]): boolean
  /**
   * Puts a scenario into a state, for people: what nobody knows is refused.
   *
   * @throws MOCK_ERR_SCENARIO_UNKNOWN
   * @throws MOCK_ERR_SCENARIO_STATE_UNKNOWN
   */
  set (name: string, state: string): void
  /**
   * Back to the initial state: one, or all.
   *
   * @throws MOCK_ERR_SCENARIO_UNKNOWN
   */
  reset (name?: string): void
  list (): ScenarioInfo[]
  /** Undefined for a scenario that nobody knows. */
  get (name: string): ScenarioInfo | undefined
  /**
   * Calls the listener for each change of a state, until the returned function is called. A change that time makes is told when
   * somebody next looks at the scenario.
   */
  subscribe (listener: (change: ScenarioChange) => void): () => void
}

export interface ScenarioInfo {
  name: string
  state: string
  initial: string
  /** All states that the configuration names. */
  states: string[]
}

export interface ScenarioChange {
  name: string
  from: string
  to: string
  /** ISO 8601; for a change that time made, when that was. */
  time: string
}

/** What is asked of one scenario, and where it is moved. */
export interface Gate {
  readonly name: string
  /** Absent for any state. */
  readonly from?: readonly string[]
  readonly to?: string
}

/** The scenarios of a scope as its store sees them. */
export interface ConfigurableScenarios extends Scenarios {
  /**
   * Several at once, or none: where each is in one of its states `from`, those that have a `to` are moved. One compare-and-set, with
   * one look at the clock.
   *
   * @returns the states before and after, by name, of those that were moved; undefined where one was in another state
   */
  pass (gates: readonly Gate[]): ReadonlyMap<string, readonly [from: string, to: string]> | undefined
  /** Goes on where it was, in a state since a moment in milliseconds: for who kept it while there was no server. */
  resume (name: string, state: string, since: number): void
  /**
   * Takes other definitions: states are kept, but for those that a scenario does not have any more.
   *
   * @returns what was lost, in words
   */
  configure (definitions: ScenarioDefinitions): string[]
  /** Makes scenarios known beside those of the configuration: those of endpoints that are put in front of it. */
  learn (definitions: ScenarioDefinitions): void
}

const NOTHING: ReadonlyMap<string, readonly [string, string]> = new Map()

/**
 * @example
 * const scenarios = createScenarios(scenarioDefinitions(config), systemClock)
 * scenarios.move('cart', 'filled', ['empty']) // true for the first who asks
 */
export function createScenarios (initially: ScenarioDefinitions, clock: Pick<Clock, 'now'>): ConfigurableScenarios {
  let definitions = initially
  const learnt = new Map<string, ScenarioDefinition>()
  const moved = new Map<string, Since>()
  const listeners = new Set<(change: ScenarioChange) => void>()
  /** When those that were never moved began; those that came with a reload, later than the others. */
  let start = clock.now()
  const starts = new Map<string, number>()

  const definitionOf = (name: string): ScenarioDefinition | undefined => definitions.get(name) ?? learnt.get(name)
  const initialOf = (name: string): string => definitionOf(name)?.initial ?? STARTED

  function tell (name: string, from: string, to: string, time: number): void {
    if (listeners.size === 0) return
    tellListeners(listeners, { name, from, to, time: new Date(time).toISOString() })
  }

  function current (name: string, now = clock.now()): string {
    const definition = definitionOf(name)
    const last = moved.get(name)
    if (definition === undefined || definition.after.size === 0) return last?.state ?? definition?.initial ?? STARTED
    const before = last ?? { state: definition.initial, since: starts.get(name) ?? start }
    const after = stateAt(before, definition.after, now)
    if (after === before) return before.state
    moved.set(name, after)
    if (after.state !== before.state) tell(name, before.state, after.state, after.since)
    return after.state
  }

  function enter (name: string, from: string, state: string, since = clock.now()): void {
    moved.set(name, { state, since })
    if (from !== state) tell(name, from, state, since)
  }

  /** As if it had never been moved. */
  function begin (name: string): void {
    const from = current(name)
    const now = clock.now()
    moved.delete(name)
    starts.set(name, now)
    if (from !== initialOf(name)) tell(name, from, initialOf(name), now)
  }

  const names = (): string[] => [...new Set([...definitions.keys(), ...learnt.keys(), ...moved.keys()])]

  function known (name: string): void {
    if (definitionOf(name) === undefined && !moved.has(name)) throw new MOCK_ERR_SCENARIO_UNKNOWN(name, suggest(name, names(), 'the configuration names no scenario'))
  }

  function info (name: string): ScenarioInfo {
    const state = current(name)
    const { initial = STARTED, states = [] } = definitionOf(name) ?? {}
    return { name, state, initial, states: [...new Set([...states, ...definitionOf(name) === undefined ? [initial, state] : []])] }
  }

  return {
    state: current,
    move (name, to, from) {
      const now = clock.now()
      const state = current(name, now)
      if (from !== undefined && !from.includes(state)) return false
      enter(name, state, to, now)
      return true
    },
    pass (gates) {
      const now = clock.now()
      for (const { name, from } of gates) if (from !== undefined && !from.includes(current(name, now))) return undefined
      let passed: Map<string, readonly [string, string]> | undefined
      for (const { name, to } of gates) {
        if (to === undefined) continue
        passed ??= new Map()
        passed.set(name, [current(name, now), to])
        moved.set(name, { state: to, since: now })
      }
      // Listeners may move on themselves, and come last.
      if (passed !== undefined) for (const [name, [from, to]] of passed) if (from !== to) tell(name, from, to, now)
      return passed ?? NOTHING
    },
    set (name, state) {
      known(name)
      const definition = definitionOf(name)
      if (definition !== undefined && !definition.states.includes(state)) {
        throw new MOCK_ERR_SCENARIO_STATE_UNKNOWN(name, state, suggest(state, definition.states, 'it has no states'))
      }
      enter(name, current(name), state)
    },
    reset (name) {
      if (name === undefined) {
        const before = listeners.size === 0 ? [] : names().map(name => ({ name, from: current(name) }))
        moved.clear()
        starts.clear()
        start = clock.now()
        for (const { name, from } of before) if (from !== initialOf(name)) tell(name, from, initialOf(name), start)
        return
      }
      known(name)
      begin(name)
    },
    resume (name, state, since) {
      const now = clock.now()
      // A moment to come, or none, is now: it was another clock that told it.
      moved.set(name, { state, since: since <= now ? since : now })
    },
    list: () => names().map(info),
    get: name => definitionOf(name) === undefined && !moved.has(name) ? undefined : info(name),
    subscribe (listener) {
      listeners.add(listener)
      return () => { listeners.delete(listener) }
    },
    configure (next) {
      const lost: string[] = []
      // What is so by now, by the rules that held until now.
      const before = names().map(name => ({ name, state: current(name) }))
      const previous = definitions
      const now = clock.now()
      definitions = next
      for (const name of next.keys()) if (!previous.has(name)) starts.set(name, now)
      for (const { name, state } of before) {
        // One that was never moved goes by whatever is its initial state.
        if (!moved.has(name) || !previous.has(name)) continue
        const definition = definitionOf(name)
        if (definition === undefined) {
          moved.delete(name)
          if (state !== previous.get(name)?.initial) lost.push(`the scenario '${name}', which was in the state '${state}', is not there any more`)
        } else if (definition.isClosed && !definition.states.includes(state)) {
          begin(name)
          lost.push(`the scenario '${name}' was in the state '${state}', which it does not have any more, and is in '${definition.initial}' now`)
        }
      }
      return lost
    },
    learn (more) {
      for (const [name, definition] of more) learnt.set(name, definition)
    }
  }
}
