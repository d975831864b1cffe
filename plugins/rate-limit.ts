import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ServerResponse } from 'node:http'
import type { Grouped } from '../lib/choose-group.ts'
import { dryRunOf } from '../lib/dry-run.ts'
import type { Exchange } from '../lib/exchange.ts'
import { spend, type Meter } from '../lib/rate-limit/meter.ts'
import type { CompiledRateLimit, CompiledRateLimits } from '../lib/rate-limit/compile-rate-limits.ts'
import type { Reading } from '../lib/rate-limit/reading.ts'
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
    if (limits !== undefined) route.onRequest = [...[route.onRequest ?? []].flat(), limit(limits)]
  })
}, { name: 'mock-rate-limit', fastify: '5.x', dependencies: ['mock-exchange', 'mock-injected', 'mock-rejections', 'mock-respond'] })

/** One limit, and what this request meets of it. */
type Applied = { readonly limit: CompiledRateLimit, readonly cost: number } & (
  | { readonly meter: Meter, readonly slots?: undefined }
  | { readonly slots: Slots, readonly meter?: undefined }
)

function limit (limits: CompiledRateLimits) {
  const isConcurrent = limits.limits.some(({ policy }) => policy.algorithm === 'concurrency')

  return (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    const { exchange } = request
    // Who hung up before has no use for a slot, and would never give it back.
    if (exchange === null || reply.raw.closed) return done()
    const isDry = dryRunOf(request.raw) !== undefined
    const applied = apply(limits, request, exchange, isDry)
    const now = exchange.store.rateLimits.now()
    const spent = spentBy(reply.raw)
    const charges = applied.flatMap(({ meter, cost }) => meter === undefined || spent.has(meter) ? [] : [{ meter, cost }])
    const mayPass = isDry ? charges.every(({ meter, cost }) => meter.remaining(now) >= cost) : spend(charges, now)
    const served = (): void => {
      const now = exchange.store.rateLimits.now()
      reply.headers(limits.tell(read(applied, now), now))
      done()
    }
    if (!mayPass) return reject(applied.map(one => one.meter !== undefined && !spent.has(one.meter) && one.meter.remaining(now) < one.cost), applied)
    for (const { meter } of charges) spent.add(meter)
    if (!isConcurrent) return served()
    if (isDry) {
      const full = applied.map(({ slots }) => slots?.isFull === true)
      return full.includes(true) ? reject(full, applied) : served()
    }
    contend(applied, spent, reply.raw, served, refused => reject(applied.map(one => one === refused), applied))

    function reject (isExceeded: readonly boolean[], applied: readonly Applied[]): void {
      if (exchange !== null) refuse(limits, applied, isExceeded, exchange, reply)
    }
  }
}

function apply ({ limits }: CompiledRateLimits, request: FastifyRequest, { store: { rateLimits } }: Exchange, isDry: boolean): Applied[] {
  const asked = groupedBy(request)
  return limits.map((limit): Applied => {
    const { policy } = limit
    const key = limit.keyOf(asked)
    const cost = limit.costOf(request.method)
    if (policy.algorithm === 'concurrency') return { limit, cost, slots: isDry ? rateLimits.peek(policy, key).slots : rateLimits.slots(policy, key) }
    return { limit, cost, meter: isDry ? rateLimits.peek(policy, key).meter : rateLimits.meter(policy, key) }
  })
}

/** What limits look at of a request. Not the view that templates have: its body has not been read yet. */
function groupedBy ({ raw, ip, headers, query, params }: FastifyRequest): Grouped {
  return {
    ip: hostRequestOf(raw)?.ip ?? ip,
    headers,
    get cookies () { return readCookies(headers.cookie) },
    query: isObject(query) ? query : {},
    params: isObject(params) ? params : {}
  }
}

const kSpent = Symbol('mock.rateLimitsSpent')

interface CountedResponse extends ServerResponse {
  [kSpent]?: Set<Meter | Slots>
}

/** What a request has been counted by: one that an overlay lets pass is not counted again behind it. */
function spentBy (response: ServerResponse): Set<Meter | Slots> {
  const counted: CountedResponse = response
  counted[kSpent] ??= new Set()
  return counted[kSpent]
}

/**
 * Takes the slots one after the other, in an order that is the same for all requests, so that no two wait for each other. They are given
 * back when the answer is complete, or the client hangs up.
 */
function contend (applied: readonly Applied[], spent: Set<Meter | Slots>, response: ServerResponse, entered: () => void, refused: (by: Applied) => void): void {
  const wanted = applied.filter(({ slots }) => slots !== undefined && !spent.has(slots)).sort((a, b) => a.limit.policy.name < b.limit.policy.name ? -1 : 1).values()
  const next = (): void => {
    const { value: one } = wanted.next()
    if (one?.slots === undefined) return entered()
    const { slots } = one
    const leave = slots.contend({
      enter () {
        spent.add(slots)
        next()
      },
      refuse: () => refused(one)
    })
    response.once('close', leave)
  }
  next()
}

const read = (applied: readonly Applied[], now: number, isExceeded: readonly boolean[] = []): Reading[] => applied.map(({ limit: { policy }, meter, slots }, index) => ({
  policy,
  remaining: meter?.remaining(now) ?? Math.max(0, policy.limit - (slots?.busy ?? 0)),
  reset: meter?.reset(now),
  isExceeded: isExceeded[index] === true
}))

function refuse ({ tell }: CompiledRateLimits, applied: readonly Applied[], isExceeded: readonly boolean[], exchange: Exchange, reply: FastifyReply): void {
  const { store } = exchange
  const now = store.rateLimits.now()
  const readings = read(applied, now, isExceeded)
  const exceeded = readings.filter(reading => reading.isExceeded)
  const waits = applied.map(({ meter, cost }, index) => isExceeded[index] === true ? meter?.wait(cost, now) : 0)
  const wait = waits.includes(undefined) ? undefined : Math.max(0, ...waits.flatMap(wait => wait ?? []))
  // Of several, the one that lasts longest says how it is answered.
  const at = isExceeded[waits.indexOf(wait)] === true ? waits.indexOf(wait) : isExceeded.indexOf(true)
  const [reading] = exceeded
  const decisive = applied[at]?.limit
  if (reading === undefined || decisive === undefined) return
  const retryAfter = retryAfterOf(decisive.config, wait, now)
  const headers = { ...tell(readings, now), ...retryAfter !== undefined && { 'retry-after': retryAfter } }
  store.miss(exchange.endpoint.id)
  reply.markInjected('rate_limit', decisive.policy.name)
  const { policy: { name, capacity }, remaining, reset } = readings[at] ?? reading
  setVariable(exchange, 'rate_limit', {
    name,
    limit: capacity,
    remaining,
    used: capacity - remaining,
    ...reset !== undefined && { reset_seconds: Math.ceil(reset / 1000) },
    ...wait !== undefined && { retry_after: Math.ceil(wait / 1000) }
  })
  const { answer, status } = decisive
  reply.refuse({ ...rateLimitRejection(exceeded, wait, status), headers, ...answer !== undefined && { answer } })
}
