import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { IncomingMessage } from 'node:http'
import { parse } from 'node:querystring'
import type { CompiledEndpoint } from '../lib/endpoint.ts'
import { mountedUrls } from '../lib/path.ts'
import { createPinnedFinder, queryKey, type FinderOptions } from '../lib/pinned-query.ts'

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
 * Serves endpoints that have `query`. The router knows paths alone, so each of them is routed at a URL of its own that no
 * client asks for, and requests are led there; what sees the request afterwards sees the URL that it came with.
 */
export default fp(async fastify => {
  fastify.addHook('onRoute', route => {
    if (route.config?.isHidden === true) route.onRequest = [restoreUrl, ...[route.onRequest ?? []].flat()]
  })
}, { name: 'mock-pinned-queries', fastify: '5.x' })

/** The URL at which an endpoint is routed. */
export const routedUrl = ({ config, id }: CompiledEndpoint, url: string): string =>
  config.query === undefined ? url : `/~${Buffer.from(id).toString('hex')}${url}`

/** The URL that a request is routed by; undefined when no endpoint has `query`, so that nobody pays for it. */
export function createRewrite (endpoints: readonly CompiledEndpoint[], prefix: string, options: FinderOptions): ((raw: IncomingMessage) => string) | undefined {
  const served = endpoints.filter(({ config }) => config.enabled !== false)
  if (served.every(({ config }) => config.query === undefined)) return undefined
  const routes = served.flatMap(endpoint => endpoint.routes.flatMap(({ url, places }) => mountedUrls(prefix, url).map((url, index) => ({
    methods: endpoint.methods.includes('GET') ? [...endpoint.methods, 'HEAD'] : endpoint.methods,
    url,
    place: `${places.map(place => place.slice(0, place.length - queryKey(endpoint.config.query).length)).join(' ')} ${index}`,
    query: endpoint.config.query,
    hidden: routedUrl(endpoint, '')
  }))))
  const find = createPinnedFinder(routes, options)
  return (raw: Rewritten) => {
    const { url = '/', method = 'GET' } = raw
    const mark = url.indexOf('?')
    if (mark === -1) return url
    const hidden = find(method, url, () => parse(url.slice(mark + 1)))
    if (hidden === undefined) return url
    raw[kAskedUrl] = url
    return hidden + url
  }
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
