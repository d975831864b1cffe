import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { IncomingMessage } from 'node:http'
import { parse } from 'node:querystring'
import type { CompiledEndpoint } from '../lib/endpoint.ts'
import { createMatchFinder, matchKey, type FinderOptions, type MatchRoute } from '../lib/match.ts'
import { mountedUrls } from '../lib/path.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the route stands where only a rewritten URL leads. */
    isHidden?: boolean
  }
}

const kAskedUrl = Symbol('mock.askedUrl')

interface Rewritten extends IncomingMessage {
  [kAskedUrl]?: string
}

/**
 * Serves endpoints that have `match`. The router knows paths alone, so each of them is routed at a URL of its own that no client
 * asks for, and requests are led there; what sees the request afterwards sees the URL that it came with.
 */
export default fp(async fastify => {
  fastify.addHook('onRoute', route => {
    if (route.config?.isHidden === true) route.onRequest = [restoreUrl, ...[route.onRequest ?? []].flat()]
  })
}, { name: 'mock-matching', fastify: '5.x' })

/** The URL at which an endpoint is routed. */
export const routedUrl = ({ config, id }: CompiledEndpoint, url: string): string =>
  config.match === undefined ? url : `/~${Buffer.from(id).toString('hex')}${url}`

/** The URL that a request is routed by; undefined when no endpoint has `match`, so that nobody pays for it. */
export function createRewrite (endpoints: readonly CompiledEndpoint[], prefix: string, options: FinderOptions): ((raw: IncomingMessage) => string) | undefined {
  const served = endpoints.filter(({ config }) => config.enabled !== false)
  if (served.every(({ config }) => config.match === undefined)) return undefined
  const find = createMatchFinder(served.flatMap(endpoint => routesOf(endpoint, prefix)), options)
  return (raw: Rewritten) => {
    const { url = '/', method = 'GET', headers } = raw
    const mark = url.indexOf('?')
    const hidden = find(method, url, () => ({ query: mark === -1 ? {} : parse(url.slice(mark + 1)), headers }))
    if (hidden === undefined) return url
    raw[kAskedUrl] = url
    return hidden + url
  }
}

/** The routes of an endpoint, as the finders of routes take them. */
export function routesOf (endpoint: CompiledEndpoint, prefix: string): MatchRoute[] {
  const { methods, routes, config: { match } } = endpoint
  const key = matchKey(match)
  return routes.flatMap(({ url, places }) => mountedUrls(prefix, url).map((url, index) => ({
    methods: methods.includes('GET') ? [...new Set([...methods, 'HEAD'])] : methods,
    url,
    place: `${places.map(place => place.slice(0, place.length - key.length)).join(' ')} ${index}`,
    match,
    hidden: routedUrl(endpoint, '')
  })))
}

function restoreUrl (request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  const raw: Rewritten = request.raw
  const asked = raw[kAskedUrl]
  if (asked === undefined) {
    reply.callNotFound()
    return
  }
  raw.url = asked
  done()
}
