import type { Collections } from '../collection/collection.ts'
import type { Random } from '../random.ts'
import type { RequestView } from '../request-view.ts'
import type { Scenarios } from '../state/scenarios.ts'
import type { Variables } from '../state/variables.ts'

/** Counters that outlive the request; `{{counter 'orders'}}`. */
export interface Counters {
  /** The next number of that counter; the first is `start` (1), then `step` (1) more each time. */
  next (name: string, start?: number, step?: number): number
}

/** What outlives the request, and templates read and write. */
export interface TemplateState {
  readonly variables: Pick<Variables, 'get' | 'set' | 'delete'>
  readonly scenarios: Pick<Scenarios, 'state' | 'set'>
  readonly collections: Pick<Collections, 'get' | 'names'>
}

/**
 * What one rendering works with. One context serves all templates of a request (headers, body, file path), so that
 * `setVar` in one is seen by the next, and the stream of random numbers goes on.
 *
 * @example
 * { request, random: createRandom(seedOf(seed, endpoint.id, requestNumber)), now: () => new Date(), counters }
 */
export interface TemplateContext {
  readonly request: RequestView
  /** Where everything random comes from; seed it for each request. */
  readonly random: Random
  readonly now: Date | (() => Date)
  readonly counters: Counters
  /** State of the scope that the request belongs to; absent where templates are rendered for nobody. */
  readonly store?: TemplateState
  /** Further names that templates see at the top level, beside `request`; only own properties count. */
  readonly variables?: Readonly<Record<string, unknown>>
  /** What `setVar` and its like have set; made on first use. */
  vars?: Map<string, unknown>
}

/** The time of the request. */
export function nowOf (context: TemplateContext): Date {
  return typeof context.now === 'function' ? context.now() : context.now
}

/** Sets a variable that the templates rendered after this, with the same context, can see. */
export function setVariable (context: TemplateContext, name: string, value: unknown): void {
  context.vars ??= new Map()
  context.vars.set(name, value)
}
