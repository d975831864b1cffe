import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ServerResponse, type IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import type { Visit } from '../lib/cache/visit.ts'
import { scopeOf, setScope } from '../lib/scope/request-scope.ts'
import { ReplayedRequest } from './replayed-request.ts'
import { carryHostRequest } from './request-view.ts'

const kVisit = Symbol('mock.unattended')

interface UnattendedRequest extends IncomingMessage {
  [kVisit]?: Visit
}

/** What a request is for that no client waits for: a cache's own; undefined for all others. */
export function visitOf (raw: IncomingMessage): Visit | undefined {
  const { [kVisit]: visit }: UnattendedRequest = raw
  return visit
}

/**
 * Sends a request once more, for the cache alone. It goes the way of every request to the endpoint, but is not logged: no client has sent it.
 *
 * @returns settles when the answer is through, whatever became of it
 */
export function sendUnattended (app: FastifyInstance, { raw }: FastifyRequest, visit: Visit): Promise<void> {
  const again: UnattendedRequest = new ReplayedRequest(raw, '')
  again.method = 'GET'
  again.headers = { ...raw.headers }
  again[kVisit] = visit
  carryHostRequest(raw, again)
  const scope = scopeOf(raw)
  if (scope !== undefined) setScope(again, scope)
  const response = new ServerResponse(again)
  const nowhere = new Nowhere()
  response.assignSocket(nowhere)
  return new Promise(resolve => {
    response.once('finish', resolve)
    // Also where the endpoint breaks the connection.
    nowhere.once('close', resolve)
    app.routing(again, response)
  })
}

/** Takes what is written, and forgets it. */
class Nowhere extends Socket {
  override _write (_chunk: unknown, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    callback()
  }

  override _writev (_chunks: unknown, callback: (error?: Error | null) => void): void {
    callback()
  }
}
