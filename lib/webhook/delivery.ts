import type { LoggedBody } from '../request-log.ts'

/**
 * `waiting` for its time, its turn or the next attempt; `sending`; `delivered`: answered with 2xx; `failed`: all attempts were made,
 * or more make no sense; `refused`: never sent, the target is not allowed or there is none; `cancelled` by `clear()` or the end.
 */
export type DeliveryState = 'waiting' | 'sending' | 'delivered' | 'failed' | 'refused' | 'cancelled'

/** One webhook or callback on its way, and what became of it. */
export interface Delivery {
  /** Grows by one with each delivery. */
  seq: number
  /** Unique; the receiver sees it in `x-mock-delivery`. */
  id: string
  kind: 'webhook' | 'callback'
  name: string
  /** Id of the endpoint whose answer it followed. */
  endpoint?: string
  /** Id of the request whose answer it followed, as in the request log. */
  request_id?: string
  /** The scope that the request named, or that it was triggered in. */
  scope?: string
  state: DeliveryState
  /** ISO 8601, when it was decided to send it. */
  time: string
  request: {
    method: string
    url: string
    headers: Record<string, string | string[]>
    body?: LoggedBody
  }
  attempts: Attempt[]
  /** ISO 8601, when the next attempt is due. */
  next_attempt?: string
  /** Why it was refused, or cannot be sent at all. */
  error?: string
}

/** One try to send it. */
export interface Attempt {
  /** From 1. */
  number: number
  /** ISO 8601. */
  time: string
  duration_ms: number
  /** The receiver's answer; absent when there was none. */
  response?: { status: number, headers: Record<string, string | string[]>, body?: LoggedBody }
  /** Why there was none. */
  error?: { code: string, message: string }
}

/** Which deliveries: each key narrows. */
export interface DeliveryFilter {
  name?: string
  kind?: Delivery['kind']
  state?: DeliveryState
  /** Exact address. */
  url?: string
  endpoint?: string
  /** Id of a scope; `null` for deliveries of none. */
  scope?: string | null
  /** Only deliveries after this seq. */
  after?: number
  /** Only deliveries before this seq. */
  before?: number
}

export const isSettled = ({ state }: Pick<Delivery, 'state'>): boolean => state !== 'waiting' && state !== 'sending'

/** Whether a delivery is one of those asked for; undefined asks for nothing. */
export function fitsDelivery (delivery: Pick<Delivery, 'seq' | 'name' | 'kind' | 'state' | 'endpoint' | 'scope'> & { url: string }, { name, kind, state, url, endpoint, scope, after = 0, before = Infinity }: DeliveryFilter): boolean {
  return delivery.seq > after && delivery.seq < before &&
    (name === undefined || delivery.name === name) &&
    (kind === undefined || delivery.kind === kind) &&
    (state === undefined || delivery.state === state) &&
    (url === undefined || delivery.url === url) &&
    (endpoint === undefined || delivery.endpoint === endpoint) &&
    (scope === undefined || (delivery.scope ?? null) === scope)
}
