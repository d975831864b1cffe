import { CONTROL_VERSION } from '../control-version.ts'
import type { MockScope, MockServer } from '../mock-session.ts'
import { MockClientError, NoControlError, VersionError } from './client-error.ts'
import { createServer } from './server.ts'
import { answerOf, createTransport, type TransportOptions } from './transport.ts'

export interface ConnectOptions extends TransportOptions {
  /** Id of a scope that there is: its session is what the promise resolves to. */
  scope?: string
  /** Gives up the connection attempt, not what comes later. */
  signal?: AbortSignal
}

/**
 * Connects a test to a mock server: to one that listens somewhere, by its address (with the plugin's prefix), or to `fastify.mock` in the same
 * process, so that the same test runs against both.
 *
 * @throws MOCK_ERR_CLIENT_UNREACHABLE where nothing answers, MOCK_ERR_CLIENT_CONTROL where something else does,
 *   MOCK_ERR_CLIENT_VERSION, MOCK_ERR_CONTROL_TOKEN, MOCK_ERR_SCOPE_UNKNOWN
 * @example
 * const mock = await connect('http://127.0.0.1:4000', { token: process.env.MOCK_TOKEN })
 * await mock.use({ path: '/users/:id', status: 503 })
 * await mock.verify('GET /users/:id', 'once')
 */
export function connect (target: string | URL | MockServer, options: ConnectOptions & { scope: string }): Promise<MockScope>
export function connect (target: string | URL | MockServer, options?: ConnectOptions & { scope?: undefined }): Promise<MockServer>
export async function connect (target: string | URL | MockServer, { scope, signal, ...options }: ConnectOptions = {}): Promise<MockServer | MockScope> {
  const server = typeof target === 'string' || target instanceof URL ? await reach(target, options, signal) : target
  // What is no mock server would be found out at the first claim, far from here.
  if (typeof server?.verify !== 'function') throw new TypeError('connect takes the address of a mock server, http://127.0.0.1:4000, or `fastify.mock`')
  if (scope === undefined) return server
  const found = await server.scopes.get(scope)
  if (found === undefined) throw new MockClientError('MOCK_ERR_SCOPE_UNKNOWN', `There is no scope with the id '${scope}'`, { statusCode: 404 })
  return found
}

async function reach (url: string | URL, options: TransportOptions, signal: AbortSignal | undefined): Promise<MockServer> {
  const transport = createTransport(url, options)
  // Anybody may ask for it; the token is asked for by what comes next.
  const health = await answerOf<{ version?: unknown, control?: unknown } | undefined>(transport.send('GET', '/health', { signal }))
  if (typeof health?.version !== 'string') throw new NoControlError(transport.address, 200)
  // Before there was such a number, mock control had no claims.
  const control = typeof health.control === 'number' ? health.control : 0
  if (control !== CONTROL_VERSION) throw new VersionError(health.version, control, CONTROL_VERSION)
  await transport.send('GET', '/', { signal })
  return createServer(transport)
}
