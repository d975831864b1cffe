import { unescapeFragment } from '../json-pointer.ts'
import type { RequestView } from '../request-view.ts'
import { dig, own } from '../template/own.ts'

/** What a runtime expression may ask about: a request, and the answer that it got, if it has got one. */
export interface Sources {
  readonly request: RequestView
  readonly response?: ResponseView | undefined
}

/** An answer as it was sent. */
export interface ResponseView {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, unknown>>
  /** Parsed, when it is JSON; undefined for none, and for a stream. */
  readonly body: unknown
}

export type RuntimeExpression = (sources: Sources) => unknown

/** Says why a text is no runtime expression. */
export class ExpressionError extends Error {
  override name = 'ExpressionError'
}

const PART = /^\$(request|response)\.(?:(header|query|path)\.(.+)|body(?:#(.*))?)$/s

/**
 * Compiles a runtime expression (OpenAPI 3.1, section 4.8.20.4 "Runtime Expressions"). One that leads to nothing gives undefined.
 *
 * @throws ExpressionError
 * @example
 * runtimeExpression('$request.body#/callbackUrl')({ request }) // 'http://localhost:9000/hook'
 */
export function runtimeExpression (text: string): RuntimeExpression {
  switch (text) {
    case '$url': return ({ request }) => `${request.protocol}://${request.host}${request.url}`
    case '$method': return ({ request }) => request.method
    case '$statusCode': return ({ response }) => response?.status
  }
  const [, side, location, name = '', pointer = ''] = PART.exec(text) ?? []
  if (side === undefined) {
    throw new ExpressionError(`'${text}' is no runtime expression; there are $url, $method, $statusCode, and header.name, query.name, path.name and body#/pointer of $request or $response`)
  }
  if (location === undefined) return body(side, pointer)
  if (side === 'response') {
    if (location !== 'header') throw new ExpressionError(`'${text}': an answer has headers and a body, and no ${location}`)
    return ({ response }) => single(own(response?.headers, name.toLowerCase()))
  }
  if (location === 'header') return ({ request }) => single(own(request.headers, name.toLowerCase()))
  return location === 'query' ? ({ request }) => own(request.query, name) : ({ request }) => own(request.params, name)
}

function body (side: string, pointer: string): RuntimeExpression {
  if (pointer !== '' && !pointer.startsWith('/')) throw new ExpressionError(`'#${pointer}' is no JSON pointer: it begins with a slash`)
  const path = pointer.split('/').slice(1).map(unescapeFragment)
  return side === 'request' ? ({ request }) => dig(request.body, path) : ({ response }) => dig(response?.body, path)
}

/** A header that was sent several times is one list (RFC 9110, section 5.3). */
const single = (value: unknown): unknown => Array.isArray(value) ? value.join(', ') : value
