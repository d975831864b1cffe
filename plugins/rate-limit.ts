import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ServerResponse } from 'node:http'
import type { Grouped } from '../lib/choose-group.ts'
import { dryRunOf } from '../lib/dry-run.ts'
import type { Exchange } from '../lib/exchange.ts'
import { decisive, readAll, type AppliedLimit } from '../lib/rate-limit/applied-limit.ts'
import type { CompiledRateLimits } from '../lib/rate-limit/compile-rate-limits.ts'
import type { Meter } from '../lib/rate-limit/meter.ts'
import { rateLimitRejection } from '../lib/rate-limit/rejection.ts'
import type { Slots } from '../lib/rate-limit/slots.ts'
import { retryAfterOf } from '../lib/rate-limit/told-headers.ts'
import { isObject } from '../lib/schema/subschemas.ts'
import { setVariable } from '../lib/template/context.ts'
import { hostRequestOf, readCookies } from './request-view.ts'

/**
 * Rejects requests beyond the rate limits of their endpoint, before anything else is looked at, and tells in headers how far these are
 * spent. What is rejected does not count as a request to the endpoint.
 */
export default fp(async fastify => {
  fastify.addHook('onRoute', route => {
    const limits = route.config?.endpoint?.rateLimits
    if (limits !== undefined) route.onRequest = [...[route.onRequest ?? []].flat(), limitRate(limits)]
  })
}, { name: 'mock-rate-limit', fastify: '5.x', dependencies: ['mock-exchange', 'mock-injected', 'mock-rejections', 'mock-respond'] })

const limitRate = (limits: CompiledRateLimits) => (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
  const { exchange, raw } = request
  // Who hung up before has no use for a slot, and would never give it back.
  if (exchange === null || reply.raw.closed) return done()
  const isDry = dryRunOf(raw) !== undefined
  const applied = apply(limits, request, exchange, isDry)
  const counted = countedBy(reply.raw)
  const serve = (): void => {
    const now = exchange.store.rateLimits.now()
    reply.headers(limits.tell(readAll(applied, now), now))
    done()
  }
  const reject = (exceeded: readonly AppliedLimit[]): void => {
    const [first, ...rest] = exceeded
    if (first !== undefined) refuse(limits, applied, [first, ...rest], exchange, reply)
  }
  // One that an overlay lets pass is not counted again behind it.
  const due = applied.filter(one => !counted.has(one.meter ?? one.slots))
  const exceeded = due.filter(isSpent(exchange))
  if (exceeded.length > 0) return reject(exceeded)
  if (isDry) return serve()
  // In the same turn: nobody comes between.
  spend(due, counted, exchange)
  contend(due, counted, reply.raw, serve, by => reject([by]))
}

function apply ({ limits }: CompiledRateLimits, request: FastifyRequest, { store: { rateLimits } }: Exchange, isDry: boolean): AppliedLimit[] {
  const asked = new Asked(request)
  return limits.map((limit): AppliedLimit => {
    const { policy } = limit
    const key = limit.keyOf(asked)
    const cost = limit.costOf(request.method)
    if (policy.algorithm === 'concurrency') return { limit, cost, slots: isDry ? rateLimits.peek(policy, key).slots : rateLimits.slots(policy, key) }
    return { limit, cost, meter: isDry ? rateLimits.peek(policy, key).meter : rateLimits.meter(policy, key) }
  })
}

/** What limits look at of a request. Not the view that templates have: its body has not been read yet. */
class Asked implements Grouped {
  readonly ip: string
  readonly headers: Grouped['headers']
  readonly query: Grouped['query']
  readonly params: Grouped['params']

  constructor ({ raw, ip, headers, query, params }: FastifyRequest) {
    this.ip = hostRequestOf(raw)?.ip ?? ip
    this.headers = headers
    this.query = isObject(query) ? query : {}
    this.params = isObject(params) ? params : {}
  }

  get cookies (): Grouped['cookies'] {
    return readCookies(this.headers.cookie?.toString())
  }
}

const isSpent = ({ store: { rateLimits } }: Exchange) => ({ meter, slots, cost }: AppliedLimit): boolean =>
  meter === undefined ? slots.isFull : meter.remaining(rateLimits.now()) < cost

const kCounted = Symbol('mock.rateLimits')

interface CountedResponse extends ServerResponse {
  [kCounted]?: Set<Meter | Slots>
}

/** What a request has been counted by. */
function countedBy (response: ServerResponse): Set<Meter | Slots> {
  const answer: CountedResponse = response
  answer[kCounted] ??= new Set()
  return answer[kCounted]
}

function spend (due: readonly AppliedLimit[], counted: Set<Meter | Slots>, { store: { rateLimits } }: Exchange): void {
  for (const { meter, cost } of due) {
    if (meter === undefined) continue
    meter.take(cost, rateLimits.now())
    counted.add(meter)
  }
}

/**
 * Takes the slots one after the other, in an order that is the same for all requests, so that no two wait for each other. They are given
 * back when the answer is complete, or the client hangs up.
 */
function contend (due: readonly AppliedLimit[], counted: Set<Meter | Slots>, response: ServerResponse, entered: () => void, refused: (by: AppliedLimit) => void): void {
  const wanted = due.filter(({ slots }) => slots !== undefined).sort((a, b) => a.limit.policy.id < b.limit.policy.id ? -1 : 1).values()
  const next = (): void => {
    const { value: one } = wanted.next()
    if (one?.slots === undefined) return entered()
    const { slots } = one
    const leave = slots.contend({
      enter () {
        counted.add(slots)
        next()
      },
      refuse: () => refused(one)
    })
    response.once('close', leave)
  }
  next()
}

function refuse ({ tell }: CompiledRateLimits, applied: readonly AppliedLimit[], exceeded: readonly [AppliedLimit, ...AppliedLimit[]], exchange: Exchange, reply: FastifyReply): void {
  const { store, endpoint } = exchange
  const now = store.rateLimits.now()
  const { by: { limit: { config, policy, status, answer } }, wait } = decisive(exceeded, now)
  const readings = readAll(applied, now, exceeded)
  const retryAfter = retryAfterOf(config, wait, now)
  store.miss(endpoint.id)
  reply.markInjected('rate_limit', policy.name)
  const reading = readings.find(reading => reading.policy === policy)
  setVariable(exchange, 'rate_limit', {
    name: policy.name,
    limit: policy.capacity,
    remaining: reading?.remaining,
    used: policy.capacity - (reading?.remaining ?? 0),
    ...reading?.reset !== undefined && { reset_seconds: Math.ceil(reading.reset / 1000) },
    ...wait !== undefined && { retry_after: Math.ceil(wait / 1000) }
  })
  reply.refuse({
    ...rateLimitRejection(readings.filter(({ isExceeded }) => isExceeded), wait, status),
    headers: { ...tell(readings, now), ...retryAfter !== undefined && { 'retry-after': retryAfter } },
    ...answer !== undefined && { answer }
  })
}
