import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { TestClock } from '../../lib/clock/test-clock.ts'
import { MOCK_ERR_CONTROL_BODY } from '../../lib/errors.ts'
import { memberOf, numberIn, optionsIn } from './body-members.ts'
import { ProblemRef } from './schemas.ts'
import { ScopeQuery } from './scope-query.ts'

export interface ClockRoutesOptions {
  /** Whose clock a request is about. */
  clockOf: (scope: string | undefined) => TestClock
}

const Moment = Type.Union([Type.String(), Type.Number()], { description: 'ISO 8601, or milliseconds since the epoch.' })
const Clock = Type.Object({
  now: Type.String({ description: 'ISO 8601.' }),
  frozen: Type.Boolean(),
  offset_ms: Type.Number({ description: 'By how much it differs from the real time, or for a scope from that of the server.' }),
  pending: Type.Integer({ description: 'How many waits there are: answers that are delayed, retries of deliveries and the like.' })
})

/** The clock: told, stopped, moved on and set. */
export const clockRoutes: FastifyPluginAsyncTypebox<ClockRoutesOptions> = async (fastify, { clockOf }) => {
  const common = { tags: ['clock'], querystring: ScopeQuery, response: { 200: Clock, 400: ProblemRef, 404: ProblemRef } }

  fastify.get('', { schema: { ...common, summary: 'What time it is' } }, async ({ query: { scope } }) => clockOf(scope).info())

  fastify.post('/freeze', {
    schema: { ...common, summary: 'Stop the time', body: Type.Object({ at: Type.Optional(Moment) }) }
  }, async ({ query: { scope }, body }) => {
    const clock = clockOf(scope)
    const { at } = optionsIn(body, ['at'])
    clock.freeze(at === undefined ? undefined : scalarOf(at, 'at'))
    return clock.info()
  })

  fastify.post('/advance', {
    schema: {
      ...common,
      summary: 'Move the time on, and have all that is due happen',
      body: Type.Object({ by: Type.Union([Type.String(), Type.Number()], { description: 'Milliseconds, or an amount with its unit: `90s`, `1h 30m`.' }) })
    }
  }, async ({ query: { scope }, body }) => {
    const clock = clockOf(scope)
    await clock.advance(scalarOf(memberOf(body, 'by', 'milliseconds, or a span such as "90s"'), 'by'))
    return clock.info()
  })

  fastify.post('/set', {
    schema: { ...common, summary: 'Put the clock to a moment', body: Type.Object({ at: Moment }) }
  }, async ({ query: { scope }, body }) => {
    const clock = clockOf(scope)
    clock.set(scalarOf(memberOf(body, 'at', 'ISO 8601, or milliseconds since the epoch'), 'at'))
    return clock.info()
  })

  fastify.post('/resume', { schema: { ...common, summary: 'Let the time run again, from where it is' } }, async ({ query: { scope } }) => {
    const clock = clockOf(scope)
    clock.resume()
    return clock.info()
  })

  fastify.post('/reset', { schema: { ...common, summary: 'Go back to the real time' } }, async ({ query: { scope } }) => {
    const clock = clockOf(scope)
    clock.reset()
    return clock.info()
  })

  fastify.post('/wait', {
    schema: {
      ...common,
      summary: 'Wait until so many waits are there',
      body: Type.Object({ pending: Type.Optional(Type.Integer({ minimum: 0 })), timeout_ms: Type.Optional(Type.Integer({ minimum: 0 })) }),
      response: { ...common.response, 504: ProblemRef }
    }
  }, async ({ query: { scope }, body }) => {
    const clock = clockOf(scope)
    const options = optionsIn(body, ['pending', 'timeout_ms'])
    const timeout = numberIn(options, 'timeout_ms', 0)
    await clock.waitForPending(numberIn(options, 'pending', 0), timeout === undefined ? {} : { timeout_ms: timeout })
    return clock.info()
  })
}

function scalarOf (value: unknown, key: string): string | number {
  if (typeof value !== 'string' && typeof value !== 'number') throw new MOCK_ERR_CONTROL_BODY(`'${key}' has to be a text or a number`)
  return value
}
