import type { CacheControls } from './cache/shared-cache.ts'
import type { TestClock } from './clock/test-clock.ts'
import type { Collections } from './collection/collection.ts'
import type { Config, Endpoint, WrittenEndpoint } from './config.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { Explanation } from './explain.ts'
import type { LoggedQuestion, Question } from './explain/question.ts'
import type { Profiles } from './profile/active-profile.ts'
import type { RateLimits } from './rate-limit/rate-limits.ts'
import type { Injections } from './injection/counters.ts'
import type { RequestLog } from './request-log.ts'
import type { Overlays } from './scope/overlay.ts'
import type { Scopes } from './scope/scope.ts'
import type { Scenarios } from './state/scenarios.ts'
import type { Auth } from './security/auth.ts'
import type { Situations, Variants } from './state/switches.ts'
import type { Variables } from './state/variables.ts'
import type { Verification } from './verification/verification.ts'
import type { Webhooks } from './webhook/webhooks.ts'

/** What a reload did. */
export interface ReloadResult {
  /** Number of the generation that is live now. */
  generation: number
  /** How many endpoints it serves. */
  endpoints: number
  /** Ids of endpoints that came, went or changed. */
  added: string[]
  removed: string[]
  changed: string[]
  duration_ms: number
  /** Doubtful things that did not stop it. */
  warnings: Diagnostic[]
}

/** One line of the route table. */
export interface RouteInfo {
  id: string
  methods: string[]
  /** As the configuration writes it, base path included. */
  path: string
  /** Which of its `base_paths` that one has in front; absent where it has none. */
  base_path?: string
  statuses: number[]
  tags: string[]
  description?: string
  enabled: boolean
  /** `mocks/users.yaml:12`, when it comes from a file. */
  origin?: string
  /** A path that can be requested as it stands, parameters filled in. */
  sample: string
  /** How many requests it answered since start or reset. */
  hits: number
}

/** An endpoint as the control API lists it: as configured, with its id. */
export type IdentifiedEndpoint = Endpoint & { id: string }

/** What listeners to reloads hear: what was done, or why nothing was. */
export type ReloadEvent =
  | { ok: true, result: ReloadResult }
  | { ok: false, error: Error }

/** The decorator `fastify.mock`. */
export interface Mock extends Verification, Overlays {
  /** The live configuration: merged from all its files, complete, frozen. */
  readonly config: Config
  /**
   * What all that is random is drawn from: the configuration's `seed`, or one that was drawn at the start. Given as `seed`, it repeats
   * the run.
   */
  readonly seed: number | string
  /** Number of the live generation: 1 at start, one more with each reload. */
  readonly generation: number
  readonly requests: RequestLog
  /** State machines: their states, set, reset and watched. */
  readonly scenarios: Scenarios
  readonly variables: Variables
  /** Rate limits: how far they are spent, set and reset. */
  readonly rateLimits: RateLimits
  /** What the simulated shared cache holds (docs/caching.md). */
  readonly cache: CacheControls
  /** What time it is: stopped, moved on and set by tests. */
  readonly clock: TestClock
  /** Ways for all endpoints to behave (slow, flaky, offline ...), switched while it runs. */
  readonly profiles: Profiles
  /** Rows with ids, by collection: read, written, copied, restored and reset. */
  readonly collections: Collections
  /**
   * Settles when all state that was written until now is on the disk; at once where `persist` is not configured. Rejects with
   * MOCK_ERR_PERSIST_FAILED.
   */
  flush (): Promise<void>
  /** Named answers of endpoints, switched while the server runs. */
  readonly variants: Variants
  /** Answers of many endpoints, switched at once. */
  readonly situations: Situations
  /** Injected failures and faults: how many requests they looked at, and struck; and a way to have them begin anew. */
  readonly failures: Injections
  /** Who tests call as: tokens and headers of personas. */
  readonly auth: Auth
  /** Webhooks and callbacks: what there is, what was sent, and a way to send it. */
  readonly webhooks: Webhooks
  /** The plugin's prefix, '' for none. */
  readonly prefix: string
  /** Absolute paths of the files that the live configuration was read from. */
  readonly files: readonly string[]
  /** What is doubtful about the live configuration, and did not stop it. */
  readonly warnings: readonly Diagnostic[]
  /**
   * Takes a new configuration, or reads the files anew, without the edits that were not saved; a file that is watched keeps them.
   * Rejects with MOCK_ERR_CONFIG_INVALID and changes nothing when it is not valid.
   */
  reload (config?: Config): Promise<ReloadResult>
  /** Calls the listener after each reload, also after those that files or edits caused, until the returned function is called. */
  onReload (listener: (event: ReloadEvent) => void): () => void
  /**
   * Says what is wrong or doubtful about a configuration (the live one when none is given), without taking it. It is built, and
   * all its schemas are compiled, which serving leaves until they are needed.
   */
  validate (config?: unknown): Promise<Diagnostic[]>
  /**
   * Empties the request log, forgets all deliveries and starts all state anew: the clock, the profile in use, counters, random streams, scenarios, variables, collections,
   * sequences, switched answers. Overlays stay (`restore` takes them away), and their `times` begin anew. Scopes have a `reset` of their own,
   * and keep what is theirs.
   */
  reset (): void
  /**
   * Says what becomes of a request, and why: which endpoint and which of its answers it gets, where it is rejected, or what keeps the
   * nearest endpoints from answering. It is sent through everything, but counts for nothing and moves no state.
   *
   * @throws MOCK_ERR_EXPLAIN_REQUEST
   * @throws MOCK_ERR_LOG_ENTRY_UNKNOWN
   * @example
   * (await mock.explain({ method: 'POST', url: '/orders', body: { sku: 'A1' } })).summary
   * (await mock.explain({ seq: 17 })).hint
   */
  explain (question: Question | LoggedQuestion): Promise<Explanation>
  /** Mock servers of one's own in this one, for tests side by side. */
  readonly scopes: Scopes
  routes (): RouteInfo[]
  endpoints: {
    list (): IdentifiedEndpoint[]
    get (id: string): IdentifiedEndpoint | undefined
    /** Served from the next request on; many edits in a row cost one rebuild. */
    add (endpoint: WrittenEndpoint): Promise<IdentifiedEndpoint>
    /** Replaces the endpoint of that id. */
    replace (id: string, endpoint: WrittenEndpoint): Promise<IdentifiedEndpoint>
    remove (id: string): Promise<void>
    /** Writes all edits since the last load back to the files that the endpoints come from; the paths written. */
    save (): Promise<string[]>
  }
}
