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
  /** Parsed JSON or form, text, a Buffer for other types, or undefined. */
  readonly body: unknown
  readonly ip: string
  readonly host: string
  readonly protocol: string
  /** Request id, as in the log. */
  readonly id: string
}
