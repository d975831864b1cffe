import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isAnything } from '../lib/accept.ts'
import { dryRunOf } from '../lib/dry-run.ts'
import { MOCK_ERR_NO_SUCH_VARIANT, MOCK_ERR_NOT_ACCEPTABLE, MOCK_ERR_PREFERENCE } from '../lib/errors.ts'
import type { Exchange } from '../lib/exchange.ts'
import { applied, readPreferences, type Preferences } from '../lib/prefer.ts'
import type { Rejection } from '../lib/violation/rejection.ts'
import { hangUpSafeDelay } from './hang-up.ts'
import { addVary } from './vary.ts'

type Done = (error?: Error) => void

/**
 * Chooses which of an endpoint's answers a request gets: the first, unless it prefers another (`Prefer`), accepts only another
 * (`Accept`), or is the very request that another is the example for. An endpoint pays for what it has a choice of.
 */
export default fp(async fastify => {
  fastify.addHook('onRoute', route => {
    const endpoint = route.config?.endpoint
    if (endpoint === undefined) return
    const { readsAccept, readsRequest } = endpoint.chooser
    const hook = readsRequest ? choose : readsAccept ? chooseByHeaders : chooseByPreference
    route.preHandler = [...[route.preHandler ?? []].flat(), hook]
  })
}, { name: 'mock-variants', fastify: '5.x', dependencies: ['mock-exchange', 'mock-rejections'] })

// Without a choice, the exchange keeps the first variant, which it was made with.

function chooseByPreference (request: FastifyRequest, reply: FastifyReply, done: Done): void {
  if (hasPreferences(request.raw.rawHeaders)) choose(request, reply, done)
  else done()
}

/** Looked up in what was received, because Node builds `headers`, one by one, for the first who asks for any of them. */
function hasPreferences (raw: readonly string[]): boolean {
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]
    if (name?.length === 6 && name.toLowerCase() === 'prefer') return true
  }
  return false
}

function chooseByHeaders (request: FastifyRequest, reply: FastifyReply, done: Done): void {
  if (request.headers.prefer === undefined && isAnything(request.headers.accept)) done()
  else choose(request, reply, done)
}

const NO_PREFERENCES: Preferences = {}

function choose (request: FastifyRequest, reply: FastifyReply, done: Done): void {
  const { exchange, headers: { accept, prefer } } = request
  if (exchange === null) return done()
  if (prefer !== undefined) addVary(reply, 'Prefer')
  const read = prefer === undefined ? { preferences: NO_PREFERENCES } : readPreferences(prefer)
  if ('invalid' in read) return done(new MOCK_ERR_PREFERENCE(read.invalid))
  const { preferences } = read
  const choice = exchange.endpoint.chooser.choose({ preferences, accept, request: () => exchange.request })
  if ('missing' in choice) return done(new MOCK_ERR_NO_SUCH_VARIANT(choice.missing))
  exchange.variant = choice.variant
  if (choice.offers !== undefined) {
    addVary(reply, 'Accept')
    if (reply.objectTo(notAcceptable(accept ?? '', choice.offers))) return
  }
  if (prefer === undefined) return done()
  follow(preferences, choice.applied, request, exchange, reply, done)
}

function notAcceptable (accept: string, offers: readonly string[]): Rejection {
  const { code, statusCode: status = 406, message } = new MOCK_ERR_NOT_ACCEPTABLE(accept, offers.join(', '))
  return {
    kind: 'not-acceptable',
    status,
    code,
    title: 'Not acceptable',
    detail: message,
    violations: [{ in: 'header', pointer: '/accept', rule: 'accept', expected: offers.join(', '), actual: accept, message: 'fits none of the content types on offer' }]
  }
}

/** Puts a generated body in the place of the example, or another one in the place of a generated one. */
function generate ({ dynamic, seed, example }: Preferences, exchange: Exchange): string[] {
  const { variant } = exchange
  const { generated, body } = variant.answer
  // An example that is asked for by name is not generated.
  const isDynamic = dynamic === true && example === undefined
  if (generated === undefined || body === undefined || !(isDynamic || (seed !== undefined && body.kind === 'lazy' && body.isExample !== true))) return []
  exchange.variant = { ...variant, answer: { ...variant.answer, body: { kind: 'lazy', payload: () => '', make: ({ request }) => generated({ request, seed }) } } }
  return [isDynamic ? applied('dynamic', true) : [], seed === undefined ? [] : applied('seed', seed)].flat()
}

/** The preferences that are about how the answer comes, not which one it is. */
function follow (preferences: Preferences, chosen: readonly string[], request: FastifyRequest, exchange: Exchange, reply: FastifyReply, done: Done): void {
  const { delay, fault, validate } = preferences
  const all = [...chosen, ...generate(preferences, exchange)]
  if (delay !== undefined) all.push(applied('delay', delay))
  if (fault !== undefined) all.push(applied('fault', fault))
  if (validate !== undefined) all.push(applied('validate', validate))
  if (all.length > 0) reply.header('preference-applied', all.join(', '))

  const go = () => {
    if (fault === undefined) return done()
    exchange.injected = { ...exchange.injected, failure: fault }
    try {
      reply.sendAnswer(exchange.endpoint.failureOf(fault), exchange)
    } catch (error) {
      // After a delay nobody else would catch it: a template that fails would end the process.
      done(error instanceof Error ? error : new Error(String(error)))
    }
  }
  if (delay === undefined) return go()
  // Instead of the endpoint's own latency.
  const { latency: _latency, ...variant } = exchange.variant
  exchange.variant = variant
  exchange.injected = { ...exchange.injected, latency_ms: delay }
  if (dryRunOf(request.raw) !== undefined) return go()
  hangUpSafeDelay(delay, reply.raw, go)
}
