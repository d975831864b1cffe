import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify'
import type { Config } from '../lib/config.ts'
import { splitOnce } from '../lib/delimited.ts'
import { dryRunOf } from '../lib/dry-run.ts'
import type { Exchange } from '../lib/exchange.ts'
import type { KeySet } from '../lib/jwt/key-set.ts'
import { NO_STORE, type Call, type OidcAnswer, type Operate, type Provider } from '../lib/oidc/call.ts'
import { OAuthError } from '../lib/oidc/oauth-error.ts'
import { operate } from '../lib/oidc/operate.ts'
import { FOR_PAGES, oidcOptions, operationPaths } from '../lib/oidc/operations.ts'
import { readParameters } from '../lib/oidc/parameters.ts'
import { peopleOf } from '../lib/oidc/people.ts'

export interface OidcPluginOptions {
  config: Config
  /** The mock server's own. */
  keys: KeySet
  prefix: string
}

/** Answers as an OpenID provider at the endpoints that are its operations. */
export default fp<OidcPluginOptions>(async (fastify, { config, keys, prefix }) => {
  const options = oidcOptions(config)
  if (options === undefined) return
  const { path = '' } = options
  const provider: Provider = {
    options,
    keys,
    people: peopleOf(config.personas),
    isOpen: Object.keys(config.personas ?? {}).length === 0,
    paths: operationPaths(config)
  }

  const callOf = (request: FastifyRequest, { request: view, store }: Exchange): Call => {
    const root = options.issuer === undefined ? `${view.protocol}://${view.host}${prefix}` : options.issuer.endsWith(path) ? options.issuer.slice(0, options.issuer.length - path.length) : new URL(options.issuer).origin
    return {
      method: request.method,
      parameters: parametersOf(request),
      headers: request.headers,
      cookies: view.cookies,
      issuer: options.issuer ?? root + path,
      urlOf: operation => `${root}${provider.paths[operation] ?? ''}`,
      now: store.clock.now(),
      state: store.oidc,
      tokens: store.tokens
    }
  }

  fastify.addHook('onRoute', route => {
    const operation = route.config?.endpoint?.config.oidc
    if (operation === undefined) return
    const handler = answering(operate[operation], callOf, provider)
    route.handler = FOR_PAGES.has(operation) ? shared(handler) : handler
  })
}, { name: 'mock-oidc', fastify: '5.x', dependencies: ['mock-exchange'] })

type CallOf = (request: FastifyRequest, exchange: Exchange) => Call

const answering = (run: Operate, callOf: CallOf, provider: Provider): RouteHandlerMethod => async (request, reply) => {
  const { exchange } = request
  if (exchange === null) return reply.callNotFound()
  // One that is only asked about gets no tokens.
  if (dryRunOf(request.raw) !== undefined) return reply.send()
  return send(reply, await attempt(() => run(callOf(request, exchange), provider)))
}

async function attempt (run: () => OidcAnswer | Promise<OidcAnswer>): Promise<OidcAnswer> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    return { status: error.status, headers: { ...NO_STORE, ...error.headers }, body: { error: error.error, error_description: error.description } }
  }
}

function send (reply: FastifyReply, { status, headers, body }: OidcAnswer): FastifyReply {
  reply.code(status)
  for (const name in headers) reply.header(name, headers[name])
  if (typeof body === 'string' || body === undefined) return reply.send(body)
  return reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(body))
}

/** Pages of any origin may call it: with tokens that they have, and without cookies. */
const shared = (handler: RouteHandlerMethod): RouteHandlerMethod => function (request, reply) {
  if (!reply.hasHeader('access-control-allow-origin')) reply.header('access-control-allow-origin', '*')
  if (request.method !== 'OPTIONS') return handler.call(this, request, reply)
  const asked = request.headers['access-control-request-headers']
  return reply.code(204).headers({ 'access-control-allow-methods': 'GET, POST', 'access-control-max-age': '600', ...asked !== undefined && { 'access-control-allow-headers': asked } }).send()
}

/** Those of a POST are in its form (RFC 6749, appendix B), and nowhere else. */
function parametersOf (request: FastifyRequest) {
  if (request.method !== 'POST') return readParameters(splitOnce(request.url, '?')[1])
  const { rawBody } = request
  const type = request.headers['content-type'] ?? ''
  if (rawBody === undefined || rawBody.length === 0) return readParameters('')
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) throw new OAuthError('invalid_request', 'the body has to be a form: application/x-www-form-urlencoded')
  return readParameters(rawBody.toString())
}
