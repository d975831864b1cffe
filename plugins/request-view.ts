import { parse as parseCookies } from 'cookie'
import type { FastifyRequest } from 'fastify'
import type { IncomingMessage } from 'node:http'
import { pathOf } from '../lib/request-log/entry.ts'
import { kRawBody, type RequestView } from '../lib/request-view.ts'
import { isObject } from '../lib/schema/subschemas.ts'

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

/** Lets a raw request stand for another one: it is the same host's. */
export function carryHostRequest (from: IncomingMessage, to: IncomingMessage): void {
  const host = hostRequestOf(from)
  const carried: CarriedRequest = to
  if (host !== undefined) carried[kHostRequest] = host
}

/**
 * What templates see of a live request. Plain properties, though some are asked for seldom: in V8 each object literal with
 * getters has a hidden class of its own, which cost more than all the rest of a templated answer.
 */
export function liveRequestView (request: FastifyRequest, prefix: string): RequestView {
  const asking = hostRequestOf(request.raw) ?? request
  const { headers } = request
  return {
    method: request.method,
    url: request.url,
    path: pathOf(request.url, prefix),
    params: asRecord(request.params),
    query: asRecord(request.query),
    headers,
    cookies: headers.cookie === undefined ? NO_COOKIES : readCookies(headers.cookie),
    body: request.body,
    [kRawBody]: request.rawBody,
    ip: asking.ip,
    host: asking.host,
    protocol: asking.protocol,
    auth: request.exchange?.caller,
    id: request.id
  }
}

const NO_COOKIES: Readonly<Record<string, string>> = Object.freeze(Object.create(null))

/** Cookies as a plain record; names are whatever the client sent, so there is no prototype to reach. */
export function readCookies (header: string | undefined): Readonly<Record<string, string>> {
  const cookies: Record<string, string> = Object.create(null)
  if (header === undefined) return cookies
  for (const [name, value] of Object.entries(parseCookies(header))) if (value !== undefined) cookies[name] = value
  return cookies
}

function asRecord (value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {}
}
