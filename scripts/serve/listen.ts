import type { FastifyInstance } from 'fastify'
import { isIPv6 } from 'node:net'
import { networkInterfaces } from 'node:os'
import { EXIT } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import { systemCode } from '../system-error.ts'

/** Where a server listens. */
export interface Address {
  /** An origin that can be requested from this machine: `http://127.0.0.1:4000`. */
  origin: string
  /** Where others reach it, when it listens on all addresses. */
  network: string[]
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
  const network = host === '0.0.0.0' || host === '::' ? outwardAddresses() : []
  return { origin: originOf(LOCAL[host] ?? host, actual), network: network.map(address => originOf(address, actual)), port: actual }
}

/** What stands for all addresses is no address itself. */
const LOCAL: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' }

const originOf = (host: string, port: number): string => `http://${isIPv6(host) ? `[${host}]` : host}:${port}`

function outwardAddresses (): string[] {
  return Object.values(networkInterfaces()).flatMap(addresses => (addresses ?? []).filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address))
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
