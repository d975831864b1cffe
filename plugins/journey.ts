import type { FastifyReply, FastifyRequest } from 'fastify'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { dryRunOf, markDryRun } from '../lib/dry-run.ts'
import { frontOf, setFront } from '../lib/explain/front.ts'
import { scopeOf, setScope } from '../lib/scope/request-scope.ts'
import { requestProfile, setRequestProfile } from '../lib/profile/request-profile.ts'
import { ReplayedRequest } from './replayed-request.ts'
import { carryHostRequest } from './request-view.ts'

/** The way of a request through the layers that have a route for it, to the live generation at last. */
export interface Journey {
  /** Hands the request to the next of them. */
  goOn (raw: IncomingMessage, response: ServerResponse): void
}

const kJourney = Symbol('mock.journey')

interface Travelling extends IncomingMessage {
  [kJourney]?: Journey
}

/** Sends a request on its way. */
export function begin (journey: Journey, raw: IncomingMessage, response: ServerResponse): void {
  const travelling: Travelling = raw
  travelling[kJourney] = journey
  journey.goOn(raw, response)
}

/** Hands a request to what is behind where it has come to. */
export function goOn (raw: IncomingMessage, response: ServerResponse): void {
  const { [kJourney]: journey }: Travelling = raw
  journey?.goOn(raw, response)
}

/**
 * Hands a request that a layer has met on to what is behind the layer, as it came. Of what the layer has done with it nothing is left:
 * headers of its answer are only sent with one.
 *
 * @param received the headers as they were before validation changed them in place
 */
export function passOn (request: FastifyRequest, reply: FastifyReply, received?: IncomingMessage['headers']): FastifyReply {
  const { raw } = request
  const { [kJourney]: journey }: Travelling = raw
  // Whoever hung up is not waiting for an answer, and has been logged.
  if (reply.raw.closed || journey === undefined) return reply.hijack()
  request.isPassedOn = true
  reply.hijack()
  if (received !== undefined) restoreHeaders(raw.headers, received)
  const next = request.rawBody === undefined ? raw : replay(raw, request.rawBody)
  begin(journey, next, reply.raw)
  return reply
}

function restoreHeaders (headers: IncomingMessage['headers'], received: IncomingMessage['headers']): void {
  for (const name of Object.keys(headers)) if (!Object.hasOwn(received, name)) delete headers[name]
  Object.assign(headers, received)
}

function replay (raw: IncomingMessage, body: string | Buffer): IncomingMessage {
  const next = new ReplayedRequest(raw, body)
  carryHostRequest(raw, next)
  const scope = scopeOf(raw)
  if (scope !== undefined) setScope(next, scope)
  const profile = requestProfile(raw)
  if (profile !== undefined) setRequestProfile(next, profile)
  const front = frontOf(raw)
  if (front !== undefined) setFront(next, front)
  const run = dryRunOf(raw)
  if (run !== undefined) markDryRun(next, run)
  return next
}
