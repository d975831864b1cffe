import type { Choices } from './state/choices.ts'
import type { ConfigurableScenarios } from './state/scenarios.ts'
import type { ConfigurableVariables } from './state/variables.ts'
import type { Store } from './store.ts'

/** The store as a dry run has it: everything can be read, and nothing is moved. */
export function dryStore (store: Store): Store {
  let collections: Store['collections'] | undefined
  return {
    ...store,
    hit: endpoint => store.hits(endpoint) + 1,
    miss () {},
    forget () {},
    next: (_name, start = 1) => start,
    scenarios: dryScenarios(store.scenarios),
    variables: dryVariables(store.variables),
    choices: dryChoices(store.choices),
    get collections () {
      collections ??= store.collections.fork()
      return collections
    },
    configure: () => [],
    reset () {}
  }
}

/** Says whether it would move, and stays. */
const dryScenarios = (scenarios: ConfigurableScenarios): ConfigurableScenarios => ({
  ...scenarios,
  move: (name, _to, from) => from === undefined || from.includes(scenarios.state(name)),
  set () {},
  reset () {},
  configure: () => [],
  learn () {}
})

const dryVariables = (variables: ConfigurableVariables): ConfigurableVariables => ({
  ...variables,
  set () {},
  delete: name => variables.has(name),
  reset () {},
  configure () {}
})

/** Positions that may be moved, and are thrown away. */
const dryChoices = (choices: Choices): Choices => ({
  ...choices,
  position (endpoint, group) {
    const position = choices.peek(endpoint, group)
    return { ...position, given: position.given && new Map(position.given) }
  },
  reset () {}
})
