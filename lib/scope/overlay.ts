import type { WrittenEndpoint } from '../config.ts'
import type { IdentifiedEndpoint } from '../mock.ts'
import type { RequestLog } from '../request-log.ts'

export interface OverlayOptions {
  /** How many requests its endpoints answer, all together; then what is behind answers. Default: without end. */
  times?: number
}

/** What `use` takes: endpoints as a configuration has them. */
export type OverlayEndpoints = WrittenEndpoint | readonly WrittenEndpoint[]

/** Endpoints that stand in front of the others, until they are taken away. */
export interface Overlay extends Disposable, AsyncDisposable {
  /** `overlay-1`, counted in each scope. */
  readonly id: string
  /** As they are served: with ids and defaults. */
  readonly endpoints: readonly IdentifiedEndpoint[]
  readonly times?: number
  /** How many requests it answered, since it was put there or its scope was reset. Those that it let pass do not count. */
  readonly calls: number
  /** What of the request log it answered. */
  readonly requests: RequestLog
  /** Takes its endpoints away: the next request does not meet them; those under way are answered by them. */
  restore (): Promise<void>
}

/** Overlays of the root or of a scope. */
export interface Overlays {
  /**
   * Puts endpoints in front, over whatever is served on the same paths: the newest first. A request that none of their answers holds
   * for goes on to what is behind, as if they were not there.
   *
   * @throws MOCK_ERR_CONFIG_INVALID and changes nothing where an endpoint is not valid
   * @example
   * const overlay = await mock.use({ path: '/users/:id', status: 503 }, { times: 2 })
   * await overlay.restore()
   */
  use (endpoints: OverlayEndpoints, options?: OverlayOptions): Promise<Overlay>
  /** The same for one request. */
  once (endpoints: OverlayEndpoints): Promise<Overlay>
  /** Those that are there, the newest first. */
  overlays (): Overlay[]
  /** Takes one overlay away, or all. Resolves to whether there was any. */
  restore (id?: string): Promise<boolean>
}
