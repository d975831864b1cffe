import type { CacheControls } from './cache/shared-cache.ts'
import type { TestClock } from './clock/test-clock.ts'
import type { Collection, CollectionsSnapshot } from './collection/collection.ts'
import type { Config, WrittenEndpoint } from './config.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { Explanation } from './explain.ts'
import type { LoggedQuestion, Question } from './explain/question.ts'
import type { IdentifiedEndpoint, ReloadResult, RouteInfo } from './mock.ts'
import type { ProfileInfo, UseProfileOptions } from './profile/active-profile.ts'
import type { RateLimits } from './rate-limit/rate-limits.ts'
import type { Injections } from './injection/counters.ts'
import type { LogEntry, LogFilter, LogQuery } from './request-log.ts'
import type { OverlayEndpoints, OverlayOptions } from './scope/overlay.ts'
import type { ScopeOptions } from './scope/scope.ts'
import type { Scenarios } from './state/scenarios.ts'
import type { Auth } from './security/auth.ts'
import type { SituationInfo, Variants } from './state/switches.ts'
import type { Variables } from './state/variables.ts'
import type { Verification } from './verification/verification.ts'
import type { Webhooks } from './webhook/webhooks.ts'

/** At once, in the process of the mock server, or later, from elsewhere: `await` takes both. */
export type Awaitable<T> = T | PromiseLike<T>

/** The same methods, whose answers may come later. */
export type Offered<T> = {
  readonly [K in keyof T]: T[K] extends (...args: infer Args) => infer Result ? (...args: Args) => Awaitable<Awaited<Result>> : T[K]
}

/**
 * What a test needs of a mock server: to put endpoints in front, to read and set state, and to ask what was called. The root (`fastify.mock`), a
 * scope, and the client of `fastify-mock-server/client` all offer it, so that a test that awaits each answer runs against any of them.
 *
 * @example
 * async function sellsOut (mock: MockSession) {
 *   await mock.variables.set('stock', 0)
 *   // ...
 *   await mock.verify('POST /orders', 'never')
 * }
 */
export interface MockSession extends Verification {
  readonly requests: SessionRequests
  readonly scenarios: Offered<Pick<Scenarios, 'state' | 'set' | 'reset' | 'list' | 'get'>>
  readonly variables: Offered<Variables>
  readonly rateLimits: SessionRateLimits
  /** The simulated shared cache. */
  readonly cache: Offered<Pick<CacheControls, 'list' | 'purge'>>
  readonly clock: SessionClock
  readonly collections: SessionCollections
  readonly variants: Offered<Variants>
  readonly situations: SessionSituations
  readonly failures: Offered<Injections>
  readonly profiles: SessionProfiles
  /** Who tests call as: tokens and headers of personas. */
  readonly auth: Offered<Auth>
  readonly webhooks: Offered<Pick<Webhooks, 'list' | 'trigger' | 'deliveries' | 'waitFor' | 'clear'>>
  /** Puts endpoints in front of what is served, the newest first; `restore()` of what it resolves to takes them away. */
  use (endpoints: OverlayEndpoints, options?: OverlayOptions): Promise<SessionOverlay>
  /** The same for one request. */
  once (endpoints: OverlayEndpoints): Promise<SessionOverlay>
  /** Takes one overlay away, or all. Resolves to whether there was any. */
  restore (id?: string): Promise<boolean>
  /** Empties log and deliveries, and starts all state anew. */
  reset (): Awaitable<void>
}

/** The requests of the session. */
export interface SessionRequests {
  find (query?: LogQuery): Awaitable<LogEntry[]>
  count (filter?: LogFilter): Awaitable<number>
  clear (): Awaitable<void>
  waitFor (filter?: LogFilter, options?: { timeout_ms?: number, signal?: AbortSignal }): Promise<LogEntry>
}

/** How far rate limits are spent. */
export type SessionRateLimits = Offered<Pick<RateLimits, 'list' | 'get' | 'reset' | 'set'>>

/** What time it is. */
export type SessionClock = Offered<Pick<TestClock, 'now' | 'freeze' | 'advance' | 'set' | 'resume' | 'reset' | 'waitForPending' | 'info'>>

export interface SessionCollections {
  /** Undefined where there is none of that name. */
  get (name: string): Awaitable<SessionCollection | undefined>
  names (): Awaitable<string[]>
  snapshot (): Awaitable<CollectionsSnapshot>
  restore (snapshot: CollectionsSnapshot): Awaitable<void>
  /** Back to the seeds: one, or all. */
  reset (name?: string): Awaitable<void>
}

export type SessionCollection = Offered<Pick<Collection, 'name' | 'rows' | 'get' | 'where' | 'insert' | 'replace' | 'update' | 'remove' | 'clear'>>

export interface SessionSituations {
  use (name: string): Awaitable<void>
  reset (): Awaitable<void>
  list (): Awaitable<SituationInfo[]>
}

export interface SessionProfiles {
  use (name: string, options?: UseProfileOptions): Awaitable<void>
  reset (): Awaitable<void>
  list (): Awaitable<ProfileInfo[]>
}

export interface SessionOverlay extends AsyncDisposable {
  readonly id: string
  readonly endpoints: readonly IdentifiedEndpoint[]
  restore (): Promise<void>
}

/** A scope: a session of its own. */
export interface MockScope extends MockSession, AsyncDisposable {
  readonly id: string
  /** What requests carry to belong to it. */
  readonly headers: Readonly<Record<string, string>>
  /** The same as a member of W3C Baggage. */
  readonly baggage: string
  /** The same as a base address. */
  url (base: string): string
  dispose (): Promise<void>
}

/** The whole server: the session of its root, and what belongs to no scope. */
export interface MockServer extends MockSession {
  readonly scopes: SessionScopes
  readonly endpoints: {
    list (): Awaitable<IdentifiedEndpoint[]>
    get (id: string): Awaitable<IdentifiedEndpoint | undefined>
    add (endpoint: WrittenEndpoint): Promise<IdentifiedEndpoint>
    replace (id: string, endpoint: WrittenEndpoint): Promise<IdentifiedEndpoint>
    remove (id: string): Promise<void>
    save (): Promise<string[]>
  }
  routes (): Awaitable<RouteInfo[]>
  reload (config?: Config): Promise<ReloadResult>
  validate (config?: unknown): Promise<Diagnostic[]>
  explain (question: Question | LoggedQuestion): Promise<Explanation>
}

export interface SessionScopes {
  create (options?: ScopeOptions): Promise<MockScope>
  get (id: string): Awaitable<MockScope | undefined>
  list (): Awaitable<ReadonlyArray<{ readonly id: string }>>
  dispose (id: string): Promise<boolean>
}
