import { createHash, timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { MOCK_ERR_CONTROL_DELIVERY, MOCK_ERR_CONTROL_HOST, MOCK_ERR_CONTROL_ORIGIN, MOCK_ERR_CONTROL_TOKEN } from '../../lib/errors.ts'
import { DELIVERY_HEADER } from '../../lib/webhook/job.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The token may come as `?access_token`: an EventSource cannot send headers. */
    takesTokenInQuery?: boolean
  }
}

/**
 * Refuses what a web page of somebody else's may send, to each route of the context and also where there is none: a host
 * name that is not ours (DNS rebinding: the page's own name, pointed at this machine) and another origin.
 */
export function guardAddress (fastify: FastifyInstance, allowedHosts: () => readonly string[]): void {
  fastify.addHook('onRequest', async (request, reply) => {
    // HTTP/2 has :authority instead.
    const host = String(request.headers.host ?? request.headers[':authority'] ?? '')
    if (!isOurs(hostnameOf(host), allowedHosts())) throw new MOCK_ERR_CONTROL_HOST(host)
    const { origin } = request.headers
    if (origin !== undefined && !isSameOrigin(origin, host)) throw new MOCK_ERR_CONTROL_ORIGIN(origin)
    // Else whoever may name the address of a callback could have the mock server call its own control.
    if (request.headers[DELIVERY_HEADER] !== undefined) throw new MOCK_ERR_CONTROL_DELIVERY()
    harden(reply)
  })
}

/** Asks for the bearer token, when there is one. */
export function guardToken (fastify: FastifyInstance, token: () => string | undefined): void {
  fastify.addHook('onRequest', async (request, reply) => {
    if (hasToken(request, token())) return
    reply.header('www-authenticate', 'Bearer realm="mock control"')
    throw new MOCK_ERR_CONTROL_TOKEN()
  })
}

/** Whether a request may see everything: it carries the token, or none is needed. */
export function hasToken (request: FastifyRequest, token: string | undefined): boolean {
  if (token === undefined) return true
  const [, bearer] = /^bearer +(\S+) *$/i.exec(request.headers.authorization ?? '') ?? []
  const given = bearer ?? (request.routeOptions.config.takesTokenInQuery === true ? queryToken(request.query) : undefined)
  // Hashes have one length whatever the token's, and comparing them tells nothing of it.
  return given !== undefined && timingSafeEqual(digest(given), digest(token))
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

function queryToken (query: unknown): string | undefined {
  if (typeof query !== 'object' || query === null || !('access_token' in query)) return undefined
  return typeof query.access_token === 'string' ? query.access_token : undefined
}

/** The name in a Host header, in lower case, without port, brackets and the root's dot; '' when it has none. */
function hostnameOf (host: string): string {
  const url = parseUrl(`http://${host}`)
  if (url === undefined || url.username !== '' || url.pathname !== '/') return ''
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
}

/**
 * Addresses are always ours: a rebinding page is served under a name, and what it sends carries that name. The same holds for
 * names that never leave this machine (RFC 6761, section 6.3).
 */
function isOurs (hostname: string, allowed: readonly string[]): boolean {
  if (hostname === '') return false
  if (isIP(hostname) !== 0 || hostname === 'localhost' || hostname.endsWith('.localhost')) return true
  return allowed.some(name => {
    const wanted = name.toLowerCase()
    return wanted.startsWith('*.') ? hostname.endsWith(wanted.slice(1)) : hostname === wanted
  })
}

/** Host and port alike, each scheme's own port being none: a proxy may have taken TLS off. */
function isSameOrigin (origin: string, host: string): boolean {
  const page = parseUrl(origin)
  return page !== undefined && page.host !== '' && page.host === parseUrl(`${page.protocol}//${host}`)?.host
}

function parseUrl (text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined
}

/** Answers of mock control are nobody else's to read, embed or keep; whatever CORS the host grants is taken back. */
function harden (reply: FastifyReply): void {
  for (const name of reply.raw.getHeaderNames()) if (name.startsWith('access-control-')) reply.raw.removeHeader(name)
  reply.headers({
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY'
  })
}
