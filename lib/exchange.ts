import { createRandom, seedOf, type Random } from './random.ts'
import type { CompiledEndpoint } from './endpoint.ts'
import type { RequestView } from './request-view.ts'
import type { Store } from './store.ts'
import type { TemplateContext } from './template/context.ts'
import type { Variant } from './variant.ts'
import type { Violation } from './violation/violation.ts'

/**
 * One request to one endpoint: which answer it gets, its own stream of random numbers, and what templates see of it. All but
 * the count is made when first asked for: a constant answer needs none of it, and most templates only the request.
 */
export class Exchange implements TemplateContext {
  readonly endpoint: CompiledEndpoint
  /** Which request to this endpoint it is, from 1. */
  readonly count: number
  variant: Variant
  /** What was done to the request on purpose, for the log. */
  injected: { latency_ms?: number, failure?: number } | undefined = undefined
  /** What is wrong with the request, when it was looked at. */
  violations: readonly Violation[] | undefined = undefined
  vars: Map<string, unknown> | undefined = undefined
  readonly counters: Store
  readonly #seed: number | string
  readonly #view: () => RequestView
  #request: RequestView | undefined = undefined
  #random: Random | undefined = undefined
  #now: Date | undefined = undefined

  constructor (endpoint: CompiledEndpoint, seed: number | string, store: Store, view: () => RequestView) {
    this.endpoint = endpoint
    this.count = store.hit(endpoint.id)
    this.variant = endpoint.variants[0]
    this.counters = store
    this.#seed = seed
    this.#view = view
  }

  /** The nth request to an endpoint draws the same numbers whatever happens elsewhere, so that a seed repeats a whole run. */
  get random (): Random {
    this.#random ??= createRandom(seedOf(this.#seed, this.endpoint.id, this.count))
    return this.#random
  }

  get request (): RequestView {
    this.#request ??= this.#view()
    return this.#request
  }

  get now (): Date {
    this.#now ??= new Date()
    return this.#now
  }
}
