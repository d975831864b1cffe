import type { Caller } from './security/caller.ts'

export const kRawBody = Symbol('mock.rawBody')

/**
 * What templates, conditions and explanations see of a request: a plain view, the same for a live request and for one
 * that is only asked about.
 */
export interface RequestView {
  /** Upper case. */
  readonly method: string
  /** Path and query as sent: `/users/7?page=2`. */
  readonly url: string
  /** Path alone, without the plugin's prefix: `/users/7`. */
  readonly path: string
  readonly params: Readonly<Record<string, unknown>>
  readonly query: Readonly<Record<string, unknown>>
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly cookies: Readonly<Record<string, string>>
  /** Parsed JSON, form, multipart or XML (by its schema), text, a Buffer for other types, or undefined. */
  readonly body: unknown
  /** The body as it came, inflated: text where it was read as text. Not part of what an echo of the request shows. */
  readonly [kRawBody]?: string | Buffer | undefined
  readonly ip: string
  readonly host: string
  readonly protocol: string
  /** Who calls, where the endpoint's `security` tells: `sub`, `scopes`, `roles`, `claims`. */
  readonly auth?: Caller | undefined
  /** Request id, as in the log. */
  readonly id: string
}
