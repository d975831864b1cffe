import type { Moves } from './choose.ts'
import type { Injected } from './injection/injected.ts'
import { createRandom, seedOf, type Random } from './random.ts'
import type { CompiledEndpoint } from './endpoint.ts'
import type { RequestView } from './request-view.ts'
import type { Caller } from './security/caller.ts'
import type { Store } from './store.ts'
import type { TemplateContext } from './template/context.ts'
import type { Variant } from './variant.ts'
import type { Violation } from './violation/violation.ts'

/** What all requests to a generation have in common. */
export interface Surroundings<Asked> {
  readonly seed: number | string
  readonly store: Store
  /** Which answers endpoints give because of a profile, by id. */
  readonly situated?: ReadonlyMap<string, string> | undefined
  /** What templates see of a request. */
  view (asked: Asked): RequestView
}

/**
 * One request to one endpoint: which answer it gets, its own stream of random numbers, and what templates see of it. All but
 * the count is made when first asked for: a constant answer needs none of it, and most templates only the request.
 */
export class Exchange<Asked = unknown> implements TemplateContext {
  readonly endpoint: CompiledEndpoint
  /** Which request to this endpoint it is, from 1. */
  readonly count: number
  variant: Variant
  /** What was done to the request on purpose, for the log. */
  injected: Injected | undefined = undefined
  /** Who calls, where the endpoint's `security` tells. */
  caller: Caller | undefined = undefined
  /** What is wrong with the request, when it was looked at. */
  violations: readonly Violation[] | undefined = undefined
  /** The scenarios that were moved, with the states before and after. */
  moves: Moves | undefined = undefined
  /** Whether none of the endpoint's answers holds, so that it does not answer. */
  isUnmatched = false
  vars: Map<string, unknown> | undefined = undefined
  readonly counters: Store
  /** The state of the scope that the request belongs to. */
  readonly store: Store
  // Plain fields: V8 initialises `#private` ones one by one, which this is too short-lived for.
  private readonly surroundings: Surroundings<Asked>
  private readonly asked: Asked
  private seen: RequestView | undefined = undefined
  private stream: Random | undefined = undefined
  private moment: Date | undefined = undefined

  constructor (endpoint: CompiledEndpoint, surroundings: Surroundings<Asked>, asked: Asked) {
    this.endpoint = endpoint
    this.count = surroundings.store.hit(endpoint.id)
    this.variant = endpoint.variants[0]
    this.counters = surroundings.store
    this.store = surroundings.store
    this.surroundings = surroundings
    this.asked = asked
  }

  /** The nth request to an endpoint draws the same numbers whatever happens elsewhere, so that a seed repeats a whole run. */
  get random (): Random {
    this.stream ??= createRandom(seedOf(this.surroundings.seed, this.endpoint.id, this.count))
    return this.stream
  }

  get situated (): ReadonlyMap<string, string> | undefined {
    return this.surroundings.situated
  }

  /** Makes known who calls; those who have looked at the request before see it from now on. */
  identify (caller: Caller | undefined): void {
    this.caller = caller
    if (this.seen !== undefined) this.seen = { ...this.seen, auth: caller }
  }

  get request (): RequestView {
    this.seen ??= this.surroundings.view(this.asked)
    return this.seen
  }

  get now (): Date {
    this.moment ??= new Date(this.store.clock.now())
    return this.moment
  }
}
