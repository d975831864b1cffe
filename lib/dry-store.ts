import type { Store } from './store.ts'

/** The store as a dry run has it: everything can be read, and nothing is moved. */
export function dryStore (store: Store): Store {
  return {
    ...store,
    hit: endpoint => store.hits(endpoint) + 1,
    next: (_name, start = 1) => start,
    reset () {}
  }
}
