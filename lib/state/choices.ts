/** Where the choice among an endpoint's answers has got to: that of all its requests, or of those that are counted together. */
export interface Position {
  /** How many requests were answered. */
  answered: number
  /** Which step of the sequence comes next, and how often it was given in a row. */
  next: number
  row: number
  /** How often each answer was given, by its place among them; only of those that are bounded. */
  given: Map<number, number> | undefined
}

/** The positions of a scope, by endpoint. */
export interface Choices {
  /** The position of an endpoint, and of `group` where its requests are counted apart. Made when first asked for. */
  position (endpoint: string, group?: string): Position
  /** As it is, without making one: for those who only ask. */
  peek (endpoint: string, group?: string): Readonly<Position>
  reset (endpoint?: string): void
}

/** So many groups of one endpoint are told apart; the one that was not seen for longest makes room, and begins anew. */
export const MAX_GROUPS = 10_000

const begin = (): Position => ({ answered: 0, next: 0, row: 0, given: undefined })

export function createChoices (): Choices {
  const whole = new Map<string, Position>()
  const groups = new Map<string, Map<string, Position>>()

  return {
    position (endpoint, group) {
      if (group === undefined) {
        let position = whole.get(endpoint)
        if (position === undefined) whole.set(endpoint, position = begin())
        return position
      }
      let own = groups.get(endpoint)
      if (own === undefined) groups.set(endpoint, own = new Map())
      const position = own.get(group) ?? begin()
      // A map goes by the order of insertion: the last one seen comes last.
      own.delete(group)
      own.set(group, position)
      if (own.size > MAX_GROUPS) own.delete(own.keys().next().value ?? group)
      return position
    },
    peek: (endpoint, group) => (group === undefined ? whole.get(endpoint) : groups.get(endpoint)?.get(group)) ?? begin(),
    reset (endpoint) {
      if (endpoint === undefined) {
        whole.clear()
        groups.clear()
      } else {
        whole.delete(endpoint)
        groups.delete(endpoint)
      }
    }
  }
}
