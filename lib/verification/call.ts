import type { Static, TSchema } from 'typebox'
import type { LogEntry } from '../request-log.ts'

/**
 * One request as tests read it: bodies parsed by their content type, parameters by name. JSON, so that it is the same from mock control.
 *
 * @example
 * const [call] = await mock.calls<{ sku: string }>('POST /orders')
 * call?.body.sku
 */
export interface EndpointCall<Body = unknown, Query = Record<string, unknown>, Params = Record<string, string>> {
  /** Number in the request log. */
  seq: number
  /** ISO 8601, when it came in. */
  time: string
  method: string
  /** Without prefix and query. */
  path: string
  /** As it came, query included. */
  url: string
  params: Params
  query: Query
  headers: LogEntry['request']['headers']
  cookies: Record<string, string>
  /**
   * JSON, a form or multipart fields by name, or else text; bytes that are no text are told in base64. Undefined where there was none, and where the
   * log has kept only its beginning.
   */
  body: Body
  /** Whether the log has cut the body, at `log.max_body_bytes`. */
  truncated: boolean
  /** Id of the endpoint that answered, and name of the response that it chose; absent when nothing matched. */
  endpoint?: string
  variant?: string
  /** Absent when the client hung up first. */
  response?: { status: number, headers: LogEntry['request']['headers'], body: unknown }
  aborted: boolean
  duration_ms: number
  scope?: string
}

/** The schemas of an endpoint, as its `schema` has them. */
export interface CallSchemas {
  body?: unknown
  querystring?: unknown
  params?: unknown
}

type TypeOf<Schemas, Part extends string, Else> = Schemas extends Record<Part, infer Schema extends TSchema> ? Static<Schema> : Else

/** The calls of an endpoint that is written with TypeBox, typed by its schemas. */
export type CallOf<Schemas> = EndpointCall<TypeOf<Schemas, 'body', unknown>, TypeOf<Schemas, 'querystring', Record<string, unknown>>, TypeOf<Schemas, 'params', Record<string, string>>>
