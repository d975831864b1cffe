import type { AnswerScenario, Config, Response, Scenario } from '../config.ts'
import type { When } from '../config-keys/condition.ts'
import { child } from '../json-pointer.ts'

/** The state of a scenario that says nothing else, as users of WireMock know it. */
export const STARTED = 'Started'

/** A state machine, as far as it is known: what is declared, and what answers say of it. */
export interface ScenarioDefinition {
  readonly initial: string
  /** In the order in which they are named, the initial one first where none are declared. */
  readonly states: readonly string[]
  /** Whether there are no others. */
  readonly isClosed: boolean
  /** What time does, by the state that is left. */
  readonly after: ReadonlyMap<string, { readonly to: string, readonly delay: number }>
}

export type ScenarioDefinitions = ReadonlyMap<string, ScenarioDefinition>

const known = new WeakMap<object, ScenarioDefinitions>()

/**
 * The scenarios of a configuration: those that it declares, and those that its answers and their conditions name. Gathered once for each
 * configuration, however many scopes it serves.
 */
export function scenarioDefinitions (config: Pick<Config, 'scenarios' | 'endpoints'>): ScenarioDefinitions {
  let definitions = known.get(config)
  if (definitions === undefined) known.set(config, definitions = gather(config))
  return definitions
}

function gather ({ scenarios = {}, endpoints = [] }: Pick<Config, 'scenarios' | 'endpoints'>): ScenarioDefinitions {
  const named = new Map<string, Set<string>>()
  const add = (name: string, states: readonly string[]): void => {
    let known = named.get(name)
    if (known === undefined) named.set(name, known = new Set())
    for (const state of states) known.add(state)
  }
  const note = ({ scenario, when }: Response): void => {
    // Most answers of most configurations have neither, and there may be many.
    if (scenario !== undefined) for (const { name, step } of scenarioSteps(scenario)) add(name, [step.state ?? [], step.to ?? []].flat())
    if (when !== undefined) for (const { name, states } of askedScenarios(when)) add(name, states)
  }
  for (const endpoint of endpoints) {
    if (endpoint.responses === undefined) note(endpoint)
    else for (const answer of endpoint.responses) note(answer)
  }
  const names = new Set([...Object.keys(scenarios), ...named.keys()])
  return new Map([...names].map(name => [name, define(Object.hasOwn(scenarios, name) ? scenarios[name] : undefined, named.get(name) ?? [])]))
}

function define ({ initial, states, after = [] }: Scenario = {}, named: Iterable<string>): ScenarioDefinition {
  const start = initial ?? states?.[0] ?? STARTED
  const timed = new Map<string, { to: string, delay: number }>()
  for (const { from, to, delay_ms: delay } of after) {
    const earlier = timed.get(from)
    // Of several, the first to come is all that ever happens.
    if (earlier === undefined || delay < earlier.delay) timed.set(from, { to, delay })
  }
  return {
    initial: start,
    states: states ?? [...new Set([start, ...named, ...after.flatMap(({ from, to }) => [from, to])])],
    isClosed: states !== undefined,
    after: timed
  }
}

/** A scenario that a condition asks about, with the states that it names in plain words, and the place in the condition. */
export interface AskedScenario {
  readonly name: string
  readonly states: readonly string[]
  readonly pointer: string
}

/**
 * @example
 * askedScenarios({ any: [{ scenarios: { cart: 'paid' } }] }) // [{ name: 'cart', states: ['paid'], pointer: '/any/0/scenarios/cart' }]
 */
export function askedScenarios ({ scenarios = {}, all = [], any = [], not }: When, pointer = ''): AskedScenario[] {
  const own = Object.entries(scenarios).map(([name, test]) => {
    const { equals, in: several = [] } = typeof test === 'object' && test !== null ? test : { equals: test }
    return { name, states: [equals, ...several].filter(state => typeof state === 'string'), pointer: child(`${pointer}/scenarios`, name) }
  })
  const within = (list: readonly When[], key: string) => list.flatMap((part, index) => askedScenarios(part, `${pointer}/${key}/${index}`))
  return [...own, ...within(all, 'all'), ...within(any, 'any'), ...not === undefined ? [] : askedScenarios(not, `${pointer}/not`)]
}

/** What one answer has to do with one scenario. */
export interface ScenarioStep {
  readonly name: string
  readonly step: { readonly state?: string | string[], readonly to?: string }
}

/**
 * An answer's scenarios, whether it names one or several.
 *
 * @example
 * scenarioSteps({ name: 'cart', state: 'empty', to: 'filled' }) // [{ name: 'cart', step: { name: 'cart', state: 'empty', to: 'filled' } }]
 */
export function scenarioSteps (scenario: AnswerScenario | undefined): ScenarioStep[] {
  if (scenario === undefined) return []
  if (isOne(scenario)) return [{ name: scenario.name, step: scenario }]
  return Object.entries(scenario).map(([name, step]) => ({ name, step }))
}

/** A scenario may itself be called `name`. */
const isOne = (scenario: AnswerScenario): scenario is Extract<AnswerScenario, { name: string }> =>
  Object.hasOwn(scenario, 'name') && typeof scenario.name === 'string'
