import { parse as parseCookies } from 'cookie'
import type { FastifyRequest } from 'fastify'
import type { IncomingMessage } from 'node:http'
import { pathOf } from '../lib/request-log/entry.ts'
import type { RequestView } from '../lib/request-view.ts'

/**
 * The host's request, carried along on the raw one: the generation that answers has a request of its own, but who is asking,
 * behind which proxy, is the host's to know.
 */
export const kHostRequest = Symbol('mock.hostRequest')

export interface CarriedRequest extends IncomingMessage {
  [kHostRequest]?: FastifyRequest
}

export function hostRequestOf (raw: IncomingMessage): FastifyRequest | undefined {
  const carried: CarriedRequest = raw
  return carried[kHostRequest]
}

/** What templates see of a live request; what is costly (cookies) is read when asked for. */
export function liveRequestView (request: FastifyRequest, prefix: string): RequestView {
  const asking = hostRequestOf(request.raw) ?? request
  let cookies: Readonly<Record<string, string>> | undefined
  return {
    method: request.method,
    url: request.url,
    path: pathOf(request.url, prefix),
    params: asRecord(request.params),
    query: asRecord(request.query),
    headers: request.headers,
    get cookies () {
      cookies ??= readCookies(request.headers.cookie)
      return cookies
    },
    body: request.body,
    get ip () { return asking.ip },
    get host () { return asking.host },
    get protocol () { return asking.protocol },
    id: request.id
  }
}

/** Cookies as a plain record; names are whatever the client sent, so there is no prototype to reach. */
export function readCookies (header: string | undefined): Readonly<Record<string, string>> {
  const cookies: Record<string, string> = Object.create(null)
  if (header === undefined) return cookies
  for (const [name, value] of Object.entries(parseCookies(header))) if (value !== undefined) cookies[name] = value
  return cookies
}

function asRecord (value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
