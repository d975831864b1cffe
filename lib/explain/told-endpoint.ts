import type { ExplainableEndpoint } from '../explain.ts'
import type { ToldEndpoint } from './explanation.ts'

/** What is told of an endpoint. */
export function toldEndpoint (endpoint: ExplainableEndpoint): ToldEndpoint {
  const { methods, path, origin, overlay } = endpoint
  return { id: toldId(endpoint), methods, path, ...origin !== undefined && { origin }, ...overlay !== undefined && { overlay } }
}

/** As it is configured: that of an overlay's endpoint has the overlay's in front, so that it is one of its own. */
export const toldId = ({ id, overlay }: Pick<ExplainableEndpoint, 'id' | 'overlay'>): string => overlay === undefined ? id : id.slice(overlay.length + 1)

/** With what it belongs to, in a sentence. */
export const namedEndpoint = ({ id, overlay }: ToldEndpoint): string => overlay === undefined ? id : `${id} of ${overlay}`
