import type { FastifyInstance } from 'fastify'
import { isIPv6 } from 'node:net'
import { EXIT } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import { systemCode } from '../system-error.ts'

/** Where a server listens. */
export interface Address {
  /** An origin that can be requested from this machine: `http://127.0.0.1:4000`. */
  origin: string
  port: number
}

/** @throws Failure that says why the address cannot be had */
export async function listen (app: FastifyInstance, host: string, port: number): Promise<Address> {
  try {
    await app.listen({ host, port })
  } catch (error) {
    throw addressFailure(error, host, port) ?? error
  }
  const [bound] = app.addresses()
  const actual = typeof bound === 'object' ? bound.port : port
  return { origin: `http://${reachable(host)}:${actual}`, port: actual }
}

/** All addresses (0.0.0.0, ::) are reached at this machine's own. */
function reachable (host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return isIPv6(host) ? `[${host}]` : host
}

/** Whether only this machine can reach a server on that address. */
export const isLoopback = (host: string): boolean => /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/.test(host)

function addressFailure (error: unknown, host: string, port: number): Failure | undefined {
  const options = { cause: error }
  switch (systemCode(error)) {
    case 'EADDRINUSE':
      return new Failure(EXIT.portInUse, `port ${port} on ${host} is in use by another program`, 'stop it, choose another port, or take a free one with --port 0', options)
    case 'EACCES':
      return new Failure(EXIT.io, `no permission to listen on port ${port}`, port < 1024 ? 'ports below 1024 belong to the administrator: choose a higher one, such as --port 4000' : 'choose another port, or --port 0', options)
    case 'EADDRNOTAVAIL':
      return new Failure(EXIT.io, `'${host}' is no address of this machine`, 'use --host 127.0.0.1 for this machine alone, or --host 0.0.0.0 for all its addresses', options)
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new Failure(EXIT.io, `the host name '${host}' is not known`, 'use --host 127.0.0.1 for this machine alone, or --host 0.0.0.0 for all its addresses', options)
    default:
      return undefined
  }
}
