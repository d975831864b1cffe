import type { PeerCertificate } from 'node:tls'
import type { KeySet } from '../jwt/key-set.ts'
import type { Violation } from '../violation/violation.ts'
import type { Caller } from './caller.ts'
import type { Sessions } from './sessions.ts'

/** What of a request may hold credentials. */
export interface Presented {
  readonly method: string
  /** Path and query as sent. */
  readonly url: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly query: Readonly<Record<string, unknown>>
  readonly cookies: () => Readonly<Record<string, string>>
  /** As it came; undefined where there is none, or before it was read. */
  readonly rawBody: () => string | Buffer | undefined
  readonly body: () => unknown
  /** The certificate of the client; undefined where it has shown none. */
  readonly certificate: () => Certificate | undefined
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Those of the request's scope. */
  readonly sessions: () => Sessions
  /** What is known of an opaque token that the mock server itself has issued. */
  readonly issued: (token: string) => Readonly<Record<string, unknown>> | undefined
  /** Whether the request is only asked about. */
  readonly isDry: boolean
}

export interface Certificate {
  readonly peer: PeerCertificate
  /** Whether somebody whom the server trusts has signed it. */
  readonly isTrusted: boolean
}

/** Why the credentials of one scheme do not do. */
export interface Denial {
  readonly violation: Violation
  /**
   * `missing`: there are none; `invalid`: they do not count; `forbidden`: they do, and do not suffice; `forged`: they do, but nothing shows
   * that the request was meant.
   */
  readonly reason: 'missing' | 'invalid' | 'forbidden' | 'forged'
  /** What the challenge tells of it. */
  readonly description?: string
}

/** Met, by whom as far as that is known, or not. */
export type Outcome = { readonly caller: Caller | undefined } | Denial

/** What is asked of one scheme. */
export interface SchemeCheck {
  /** Whether it tells who calls, and looks not at the form alone. */
  readonly isDeep: boolean
  /** Whether it can only be asked once the body was read. */
  readonly needsBody: boolean
  check (request: Presented): Outcome | Promise<Outcome>
}

/** What checks are compiled with. */
export interface SecurityTools {
  /** The mock server's own. */
  readonly keys: KeySet
}

export const isDenial = (outcome: Outcome): outcome is Denial => 'violation' in outcome
