/** Values by name that outlive a request: set by templates, code and mock control, read by templates and conditions. */
export interface Variables {
  get (name: string): unknown
  has (name: string): boolean
  /** The value is JSON. */
  set (name: string, value: unknown): void
  delete (name: string): boolean
  entries (): Array<[string, unknown]>
  /** Back to the values that the configuration gives. */
  reset (): void
}

/** The variables of a scope as its store sees them. */
export interface ConfigurableVariables extends Variables {
  /** Takes other initial values: they reach the variables that nobody has set or deleted since. */
  configure (initial: Initial): void
  /** Calls the listener for each change that somebody makes, until the returned function is called. */
  subscribe (listener: (change: VariableChange) => void): () => void
}

export type VariableChange =
  | { op: 'set', name: string, value: unknown }
  | { op: 'delete', name: string }
  | { op: 'reset' }

type Initial = Readonly<Record<string, unknown>>

/** In the place of a variable that was deleted, so that its initial value does not shine through. */
const kDeleted = Symbol('deleted')

/**
 * @example
 * const variables = createVariables({ rate: 1.1 })
 * variables.set('rate', 1.2)
 */
export function createVariables (initially: Initial): ConfigurableVariables {
  let initial = initially
  /** What was set since; the initial values are shared by all scopes. */
  const changed = new Map<string, unknown>()

  const listeners = new Set<(change: VariableChange) => void>()

  function tell (change: VariableChange): void {
    for (const listener of listeners) listener(change)
  }

  const get = (name: string): unknown => {
    if (!changed.has(name)) return Object.hasOwn(initial, name) ? initial[name] : undefined
    const value = changed.get(name)
    return value === kDeleted ? undefined : value
  }
  const has = (name: string): boolean => changed.has(name) ? changed.get(name) !== kDeleted : Object.hasOwn(initial, name)

  return {
    get,
    has,
    set (name, value) {
      changed.set(name, value)
      tell({ op: 'set', name, value })
    },
    delete (name) {
      const was = has(name)
      if (Object.hasOwn(initial, name)) changed.set(name, kDeleted)
      else changed.delete(name)
      if (was) tell({ op: 'delete', name })
      return was
    },
    entries: () => [...new Set([...Object.keys(initial), ...changed.keys()])].filter(has).map(name => [name, get(name)]),
    reset () {
      changed.clear()
      tell({ op: 'reset' })
    },
    configure (next) {
      initial = next
    },
    subscribe (listener) {
      listeners.add(listener)
      return () => { listeners.delete(listener) }
    }
  }
}
