/**
 * What outlives a reload: counters, by name. Generations come and go; the store is the plugin's for as long as it lives.
 */
export interface Store {
  /** How many requests an endpoint has answered, this one included. */
  hit (endpoint: string): number
  hits (endpoint: string): number
  /** A named counter's next value: `start` at first, then `step` more each time. */
  next (name: string, start?: number, step?: number): number
  reset (): void
}

export function createStore (): Store {
  const hits = new Map<string, number>()
  const counters = new Map<string, number>()
  return {
    hit (endpoint) {
      const count = (hits.get(endpoint) ?? 0) + 1
      hits.set(endpoint, count)
      return count
    },
    hits: endpoint => hits.get(endpoint) ?? 0,
    next (name, start = 1, step = 1) {
      const last = counters.get(name)
      const value = last === undefined ? start : last + step
      counters.set(name, value)
      return value
    },
    reset () {
      hits.clear()
      counters.clear()
    }
  }
}
