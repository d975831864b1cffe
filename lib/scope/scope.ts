import type { CacheControls } from '../cache/shared-cache.ts'
import type { TestClock } from '../clock/test-clock.ts'
import type { Collections } from '../collection/collection.ts'
import type { Profiles } from '../profile/active-profile.ts'
import type { RateLimits } from '../rate-limit/rate-limits.ts'
import type { Injections } from '../injection/counters.ts'
import type { RequestLog } from '../request-log.ts'
import type { Scenarios } from '../state/scenarios.ts'
import type { Auth } from '../security/auth.ts'
import type { Situations, Variants } from '../state/switches.ts'
import type { Variables } from '../state/variables.ts'
import type { Verification } from '../verification/verification.ts'
import type { Webhooks } from '../webhook/webhooks.ts'
import type { OverlayEndpoints, Overlays } from './overlay.ts'

export interface ScopeOptions {
  /** Letters, digits, `.`, `_`, `~` and `-`, at most 128 of them. Default: made at random. */
  id?: string
  /** Put in front of what is served, for this scope alone, as by `use`. */
  endpoints?: OverlayEndpoints
  /** Values of variables, over those of the configuration. */
  variables?: Readonly<Record<string, unknown>>
  /** States of scenarios, by name. */
  scenarios?: Readonly<Record<string, string>>
  /** Disposed when no request has come for so long, in milliseconds; `0`: never. Default: `scopes.ttl_ms` of the configuration, half an hour. */
  ttl_ms?: number
}

/**
 * A mock server of one's own in the one that runs: state, overlays and log are its own, what is served behind them is shared. A
 * request belongs to it that names it.
 *
 * @example
 * await using scope = await mock.scopes.create()
 * await scope.use({ path: '/users/:id', status: 404 })
 * await fetch(`${url}/users/7`, { headers: scope.headers })
 * scope.requests.count({ path: '/users/7' }) // 1
 */
export interface Scope extends Overlays, Verification, AsyncDisposable {
  readonly id: string
  /** What requests carry to belong to it: `{'x-mock-scope': id}`. Empty where `scopes.header` is false. */
  readonly headers: Readonly<Record<string, string>>
  /** The same as a member of W3C Baggage, which traced services pass on: `mock-scope=id`. */
  readonly baggage: string
  /** The same as a base address, for clients that can set nothing else: `http://localhost:3000/__scope/id`. */
  url (base: string): string
  readonly requests: RequestLog
  readonly scenarios: Scenarios
  readonly variables: Variables
  readonly rateLimits: RateLimits
  /** A shared cache of its own. */
  readonly cache: CacheControls
  /** That of the server, until it is stopped, moved on or set for the scope alone. */
  readonly clock: TestClock
  /** The profile of its requests: that of the server, until it uses one of its own. */
  readonly profiles: Profiles
  readonly collections: Collections
  /** Who tests call as: its clock, its sessions, the server's keys. */
  readonly auth: Auth
  readonly variants: Variants
  readonly situations: Situations
  readonly failures: Injections
  /** Its deliveries. What it triggers, it triggers with its own state. */
  readonly webhooks: Webhooks
  /** In milliseconds; 0 for never. */
  readonly ttl_ms: number
  readonly isDisposed: boolean
  /** As the control API tells it. */
  info (): ScopeInfo
  /** State, log and deliveries as they were when it was created; overlays stay, and their `times` begin anew. */
  reset (): void
  /**
   * Calls the function; what it injects into the server (`app.inject`), and whatever it calls, belongs to the scope without naming it.
   * Requests over the network name it themselves.
   */
  run<Result> (fn: () => Result | PromiseLike<Result>): Promise<Result>
  /** Ends it: requests that name it are refused, those under way finish, and its entries leave the log. */
  dispose (): Promise<void>
}

export interface ScopeInfo {
  id: string
  /** ISO 8601. */
  created: string
  /** ISO 8601, when a request or a call last used it. */
  last_used: string
  ttl_ms: number
  /** Ids of its overlays, the newest first. */
  overlays: string[]
  /** How many of its requests are in the log. */
  requests: number
}

/** All scopes: `fastify.mock.scopes`. */
export interface Scopes {
  /** How many there are. */
  readonly size: number
  /**
   * @throws MOCK_ERR_SCOPE_ID, MOCK_ERR_SCOPE_TAKEN, MOCK_ERR_SCOPE_LIMIT, MOCK_ERR_CONFIG_INVALID, MOCK_ERR_SCENARIO_UNKNOWN
   */
  create (options?: ScopeOptions): Promise<Scope>
  get (id: string): Scope | undefined
  list (): Scope[]
  /** Resolves to whether there was one of that id. */
  dispose (id: string): Promise<boolean>
}
