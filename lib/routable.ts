import findMyWay from 'find-my-way'
import { configInvalid } from './config/invalid.ts'
import type { Endpoint } from './config.ts'
import { messageOf } from './message-of.ts'
import { routePath } from './path.ts'

/** Throws MOCK_ERR_CONFIG_INVALID when the router cannot read an endpoint's path; on a router of its own, without serving it. */
export function assertRoutable (endpoint: Endpoint): void {
  try {
    findMyWay().on('GET', routePath(endpoint.path).url, () => {})
  } catch (cause) {
    const message = messageOf(cause)
    throw configInvalid([{ severity: 'error', code: 'bad-route', message, pointer: '/path' }], cause)
  }
}
