import { lookup } from 'node:dns'
import { Agent as HttpAgent, request as requestHttp, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import { isPrivateAddress } from './private-address.ts'
import { Refusal } from './refusal.ts'

export type Fetch = (url: string, init: { signal: AbortSignal, redirect: 'manual', headers: Record<string, string> }) => Promise<Response>

/** Statuses whose answers have no body (Fetch standard, "null body status"). */
const BODILESS = new Set([204, 205, 304])

/**
 * A `fetch` that looks at the addresses it connects to. A name can lead to another address each time it is asked for, so it is
 * not enough to look it up beforehand and then leave the connecting to someone who looks it up again (DNS rebinding).
 *
 * @param options.private_networks whether addresses of private networks may be connected to
 */
export function createPublicFetch ({ private_networks: allowed }: { private_networks: boolean }): Fetch {
  const options = { keepAlive: true, ...!allowed && { lookup: lookupPublic } }
  const agents = { http: new HttpAgent(options), https: new HttpsAgent(options) }
  return (url, { signal, headers }) => new Promise((resolve, reject) => {
    const answer = (message: IncomingMessage): void => {
      const { statusCode = 0 } = message
      if (BODILESS.has(statusCode)) message.resume()
      resolve(new Response(BODILESS.has(statusCode) ? null : message, { status: statusCode, headers: definedHeaders(message) }))
    }
    const asked = url.startsWith('https:')
      ? requestHttps(url, { agent: agents.https, headers, signal }, answer)
      : requestHttp(url, { agent: agents.http, headers, signal }, answer)
    asked.on('error', reject)
    asked.end()
  })
}

/** As Node looks names up, but finds nothing where any of the addresses is private. */
const lookupPublic: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? []
    if (error !== null || first === undefined) callback(error, '', 0)
    else if (addresses.some(({ address }) => isPrivateAddress(address))) callback(new Refusal('it is in a private network'), '', 0)
    else if (options.all === true) callback(null, addresses)
    else callback(null, first.address, first.family)
  })
}

const definedHeaders = ({ headers }: IncomingMessage): Array<[string, string]> =>
  Object.entries(headers).flatMap(([name, value]) => value === undefined ? [] : [value].flat().map((item): [string, string] => [name, item]))
