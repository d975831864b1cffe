import { MAX_GROUPS } from '../state/choices.ts'

/** Where a failure or fault has got to, with all requests that it looks at, or with those that are counted together. */
export interface Counter {
  /** How many requests it has looked at. */
  seen: number
  /** How many of them were struck. */
  struck: number
  /** Whether a burst goes on (`burst: {start, end}`). */
  isInBurst: boolean
  /** When its relative time windows began, in milliseconds since the epoch. */
  readonly since: number
}

/** What is counted. */
export interface CounterKey {
  /** Id of the endpoint. */
  readonly endpoint: string
  /** Id of what it was made of: itself, or the resource that it is an operation of. */
  readonly source: string
  readonly isOverlay: boolean
  /** Tells the failures and faults of an endpoint apart: those of all its answers, and those of each. */
  readonly key: string
  readonly kind: 'failure' | 'fault'
  /** Which requests are struck, as a text: once that changes, counting begins anew. */
  readonly text: string
}

/** What people see of a counter. */
export interface InjectionCount {
  /** Id of the endpoint. */
  endpoint: string
  kind: 'failure' | 'fault'
  /** The answer that it stands on, from 1; absent where it stands on the endpoint. */
  response?: number
  /** The value that its requests have in common (`per`). */
  group?: string
  /** How many requests were looked at. */
  seen: number
  /** How many of them were struck. */
  struck: number
}

/** How failures and faults are counted, seen from outside: `fastify.mock.failures`. */
export interface Injections {
  /** What was counted since the start or the last reset; what no request has met yet is not there. */
  list (endpoint?: string): InjectionCount[]
  /** Has counting, bursts and time windows begin anew: of one endpoint, or of all. */
  reset (endpoint?: string): void
}

/** The same, seen by those who count. */
export interface CountedInjections extends Injections {
  /** The counter of a failure or fault, made when first asked for. */
  counter (key: CounterKey, group?: string): Counter
  /** Another configuration is taken: forgets what it does not hold any more. Relative time windows that are new begin now. */
  configure (isKept: (key: CounterKey) => boolean): void
  /** Drops what is known of an endpoint that does not come back. */
  forget (endpoint: string): void
}

interface Entry {
  readonly key: CounterKey
  readonly since: number
  whole: Counter | undefined
  groups: Map<string, Counter> | undefined
}

const begin = (since: number): Counter => ({ seen: 0, struck: 0, isInBurst: false, since })

/** @param now what time it is, in milliseconds since the epoch */
export function createInjections (now: () => number, started = now()): CountedInjections {
  const entries = new Map<string, Entry>()
  let taken = started

  function entryOf (key: CounterKey): Entry {
    const name = `${key.endpoint} ${key.key}`
    let entry = entries.get(name)
    if (entry === undefined || entry.key.text !== key.text) entries.set(name, entry = { key, since: taken, whole: undefined, groups: undefined })
    return entry
  }

  return {
    counter (key, group) {
      const entry = entryOf(key)
      if (group === undefined) {
        entry.whole ??= begin(entry.since)
        return entry.whole
      }
      entry.groups ??= new Map()
      const { groups } = entry
      const counter = groups.get(group) ?? begin(entry.since)
      // A map goes by the order of insertion: the last one seen comes last.
      groups.delete(group)
      groups.set(group, counter)
      if (groups.size > MAX_GROUPS) groups.delete(groups.keys().next().value ?? group)
      return counter
    },
    configure (isKept) {
      taken = now()
      for (const [name, { key }] of entries) if (!isKept(key)) entries.delete(name)
    },
    list: endpoint => [...entries.values()].filter(({ key }) => endpoint === undefined || key.endpoint === endpoint).flatMap(viewEntry),
    forget (endpoint) {
      for (const [name, { key }] of entries) if (key.endpoint === endpoint) entries.delete(name)
    },
    reset (endpoint) {
      if (endpoint === undefined) {
        taken = now()
        entries.clear()
        return
      }
      for (const [name, { key }] of entries) if (key.endpoint === endpoint) entries.set(name, { key, since: now(), whole: undefined, groups: undefined })
    }
  }
}

function viewEntry ({ key: { endpoint, kind, key }, whole, groups }: Entry): InjectionCount[] {
  const place = /\/(\d+)$/.exec(key)?.[1]
  const view = ({ seen, struck }: Counter, group?: string): InjectionCount =>
    ({ endpoint, kind, ...place !== undefined && { response: Number(place) + 1 }, ...group !== undefined && { group }, seen, struck })
  return [...whole === undefined ? [] : [view(whole)], ...[...groups ?? []].map(([group, counter]) => view(counter, group))]
}
