import type { IncomingMessage } from 'node:http'
import type { ExplainableEndpoint } from '../explain.ts'

/** The endpoints that stand in front of the configuration for a request: overlays, those of its scope first. Asked when nothing answers. */
export type Front = () => readonly ExplainableEndpoint[]

const kFront = Symbol('mock.front')

interface FrontedRequest extends IncomingMessage {
  [kFront]?: Front
}

export function frontOf (raw: IncomingMessage): Front | undefined {
  const fronted: FrontedRequest = raw
  return fronted[kFront]
}

export function setFront (raw: IncomingMessage, front: Front): void {
  const fronted: FrontedRequest = raw
  fronted[kFront] = front
}
