import type { FaultKind } from '../config-keys/fault.ts'

/** What was done to a request on purpose. */
export interface Injected {
  /** How long it was made to wait, in milliseconds. */
  latency_ms?: number
  /** The status that it failed with. */
  failure?: number
  /** What went wrong on its connection. */
  fault?: FaultKind
  /** Name of the rate limit that it was rejected by. */
  rate_limit?: string
}
