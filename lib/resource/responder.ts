import type { Exchange } from '../exchange.ts'
import type { Rejection } from '../violation/rejection.ts'

/** An answer that was made for one request. */
export interface Responded {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Absent where there is no body. */
  readonly payload?: string
}

/**
 * Makes the whole answer to a request: status, headers and body.
 *
 * @param objectTo takes exception to the request, as far as its mode allows; whether it has been answered with that
 * @returns undefined where the request has been answered
 */
export type Responder = (exchange: Exchange, objectTo: ObjectTo) => Responded | undefined

export type ObjectTo = (rejection: Rejection) => boolean
