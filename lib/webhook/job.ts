import type { Clock } from '../clock.ts'
import type { RetrySchedule } from './retry-schedule.ts'
import type { Signer } from './sign.ts'

/** What is to be sent, complete: nothing of it depends on a request or a configuration any more. */
export interface Job {
  readonly id: string
  readonly kind: 'webhook' | 'callback'
  readonly name: string
  readonly endpoint?: string
  readonly requestId?: string
  /** Of the request that it follows, or of whoever triggered it; absent for the root. */
  readonly scope?: string
  /** What its delays go by. Default: the system's. */
  readonly clock?: Clock
  readonly method: string
  readonly url: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[]>>
  readonly body: Buffer | undefined
  readonly delayMs: number
  readonly timeoutMs: number
  readonly retry: RetrySchedule
  readonly sign: Signer | undefined
  /** The configuration, or whoever controls the mock, named the host; else a request or a document did. */
  readonly isTrusted: boolean
  /** How many deliveries led to this one, each by calling a mock: circles end. */
  readonly hops: number
  /** Why it is not sent at all. */
  readonly refusal?: string
}

/** Tells a delivery from other requests, by its id. */
export const DELIVERY_HEADER = 'x-mock-delivery'
/** How many deliveries led to a request. */
export const HOPS_HEADER = 'x-mock-hops'
/** A mock that calls itself, by way of a callback, stops here. */
export const MAX_HOPS = 5
