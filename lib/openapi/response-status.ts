import type { Response } from '../config.ts'

/** A declared answer and the status that it is served with. */
export interface ServedResponse {
  /** As declared: `404`, `4XX`, `default`. */
  key: string
  status: number
  /** What was declared, where it was not a status. */
  standsFor: Response['stands_for']
}

interface Order {
  readonly served: readonly ServedResponse[]
  /** The keys that are no status. */
  readonly unknown: readonly string[]
}

/**
 * Which status each declared response is served with, the default answer first: the lowest 2xx, else 2XX (as 200), else
 * `default` (as 200), else the first declared. Ranges take the first status of theirs that is not declared by itself;
 * `default` beside a success is a failure, 500.
 */
export function orderResponses (keys: readonly string[]): Order {
  const text = keys.join()
  let known = orders.get(text)
  if (known === undefined) {
    known = order(keys)
    if (orders.size >= MAX_ORDERS) orders.clear()
    orders.set(text, known)
  }
  return known
}

/** The same few sets of statuses are declared over and over. */
const orders = new Map<string, Order>()
const MAX_ORDERS = 1_000

function order (keys: readonly string[]): Order {
  const exact = new Map<string, number>()
  const unknown: string[] = []
  for (const key of keys) {
    if (/^[2-5]\d\d$/.test(key)) exact.set(key, Number(key))
    else if (!/^[2-5]xx$/i.test(key) && key !== 'default') unknown.push(key)
  }
  const taken = new Set(exact.values())
  const success = [...exact].filter(([, status]) => status < 300).sort(([, a], [, b]) => a - b)[0]?.[0] ??
    keys.find(key => /^2xx$/i.test(key)) ??
    keys.find(key => key === 'default')
  const known = keys.filter(key => !unknown.includes(key))
  const first = success ?? known[0]
  const served: ServedResponse[] = []
  for (const key of [...known.filter(key => key === first), ...known.filter(key => key !== first)]) {
    const range = key === 'default' ? (key === first ? 200 : 500) : Number(key.charAt(0)) * 100
    const status = exact.get(key) ?? free(range, taken)
    taken.add(status)
    served.push({ key, status, standsFor: exact.has(key) ? undefined : rangeOf(key) })
  }
  return { served, unknown }
}

function rangeOf (key: string): Response['stands_for'] {
  return RANGES.find(range => range.toLowerCase() === key.toLowerCase())
}

const RANGES = ['1XX', '2XX', '3XX', '4XX', '5XX', 'default'] as const

function free (from: number, taken: ReadonlySet<number>): number {
  let status = from
  while (taken.has(status) && status < from + 99) status++
  return status
}
