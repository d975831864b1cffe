/** State machines, by name. Each is in one state; one that was never set is in its initial state. */
export interface Scenarios {
  state (name: string): string
  /** Moves, if it is in one of the states `from` (in any, where there is none): one compare-and-set. Whether it did. */
  move (name: string, to: string, from?: readonly string[]): boolean
  /** Back to the initial state: one, or all. */
  reset (name?: string): void
  list (): ScenarioInfo[]
}

export interface ScenarioInfo {
  name: string
  state: string
  initial: string
  /** All states that the configuration names. */
  states: string[]
}
