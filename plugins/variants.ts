import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isAnything } from '../lib/accept.ts'
import type { Asking, Chosen } from '../lib/choose.ts'
import type { FaultKind } from '../lib/config-keys/fault.ts'
import { dryRunOf } from '../lib/dry-run.ts'
import { MOCK_ERR_NO_SUCH_VARIANT, MOCK_ERR_NOT_ACCEPTABLE, MOCK_ERR_PREFERENCE } from '../lib/errors.ts'
import type { Exchange } from '../lib/exchange.ts'
import { applied, readPreferences, type Preferences } from '../lib/prefer.ts'
import { NO_PROFILE } from '../lib/profile/built-in-profiles.ts'
import { requestProfile } from '../lib/profile/request-profile.ts'
import type { Rejection } from '../lib/violation/rejection.ts'
import { hangUpSafeDelay } from './hang-up.ts'
import { addVary } from './vary.ts'

type Done = (error?: Error) => void

/**
 * Chooses which of an endpoint's answers a request gets: the first, unless it prefers another (`Prefer`), another was switched on,
 * holds or takes its turn, it accepts only another (`Accept`), or is the very request that another is the example for. An endpoint
 * pays for what it has a choice of.
 */
export default fp(async fastify => {
  fastify.addHook('onRoute', route => {
    const endpoint = route.config?.endpoint
    if (endpoint === undefined) return
    const { readsAccept, readsRequest, isStateful, hasNames } = endpoint.chooser
    const byRequest = readsAccept ? chooseByHeaders : chooseByPreference
    const hook = isStateful || readsRequest ? choose : hasNames ? chooseIfSwitched(byRequest) : byRequest
    route.preHandler = [...[route.preHandler ?? []].flat(), hook]
  })
}, { name: 'mock-variants', fastify: '5.x', dependencies: ['mock-exchange', 'mock-rejections', 'mock-unmatched'] })

type Hook = (request: FastifyRequest, reply: FastifyReply, done: Done) => void

// Without a choice, the exchange keeps the first variant, which it was made with.

function chooseByPreference (request: FastifyRequest, reply: FastifyReply, done: Done): void {
  if (hasPreferences(request.raw.rawHeaders)) choose(request, reply, done)
  else done()
}

/** Only an answer that has a name can be switched on. */
const chooseIfSwitched = (otherwise: Hook): Hook => (request, reply, done) => {
  const { exchange } = request
  const hook = exchange?.store.switches.of(exchange.endpoint.source.id, exchange.situated) === undefined ? otherwise : choose
  hook(request, reply, done)
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
  const choice = decide({ preferences, accept, context: exchange }, request, reply, exchange, done)
  if (choice === undefined) return
  if (prefer === undefined) return done()
  follow(preferences, choice.applied, request, exchange, reply, done)
}

/**
 * Chooses, and takes note of what was chosen, in one turn: of requests that race for one state, each finds what the last has left.
 *
 * @returns undefined where the request has been answered here
 */
function decide (asking: Asking, request: FastifyRequest, reply: FastifyReply, exchange: Exchange, done: Done): Chosen | undefined {
  const { chooser } = exchange.endpoint
  for (;;) {
    const choice = chooser.choose(asking)
    if ('missing' in choice) {
      done(new MOCK_ERR_NO_SUCH_VARIANT(choice.missing))
      return undefined
    }
    if ('unmatched' in choice) {
      leave(exchange, reply)
      return undefined
    }
    exchange.variant = choice.variant
    if (choice.offers !== undefined) {
      addVary(reply, 'Accept')
      if (reply.objectTo(notAcceptable(asking.accept ?? '', choice.offers))) return undefined
    }
    if (!chooser.isStateful || dryRunOf(request.raw) !== undefined) return choice
    const moves = chooser.settle(choice, exchange)
    if (moves === undefined) continue
    if (moves.size > 0) exchange.moves = moves
    return choice
  }
}

/** None of the answers holds: it is as if the endpoint were not there. */
function leave (exchange: Exchange, reply: FastifyReply): void {
  exchange.isUnmatched = true
  exchange.store.miss(exchange.endpoint.id)
  reply.sendUnmatched()
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
  const { delay, fault, validate, profile } = preferences
  const all = [...chosen, ...generate(preferences, exchange)]
  if (delay !== undefined) all.push(applied('delay', delay))
  if (fault !== undefined) all.push(applied('fault', fault))
  if (validate !== undefined) all.push(applied('validate', validate))
  if (profile !== undefined && profile === (requestProfile(request.raw) ?? NO_PROFILE)) all.push(applied('profile', profile))
  if (all.length > 0) reply.header('preference-applied', all.join(', '))

  const go = () => {
    if (fault === undefined) return done()
    try {
      if (typeof fault === 'string') return preferFault(fault, request, reply, done)
      reply.sendFailure(fault, exchange.endpoint.failureAnswers, exchange)
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
  hangUpSafeDelay(exchange.store.clock, delay, reply.raw, go)
}

/** One that is only asked about has no connection to break. */
function preferFault (kind: FaultKind, request: FastifyRequest, reply: FastifyReply, done: Done): void {
  if (dryRunOf(request.raw) === undefined) return reply.strikeFault(kind)
  reply.markInjected('fault', kind)
  done()
}
