import type { IncomingMessage, RequestOptions } from 'node:http'
import { isIP, type LookupFunction } from 'node:net'
import type { Target, TargetPolicy } from './target-policy.ts'

/** One request to a receiver. */
export interface Outgoing {
  method: string
  url: URL
  headers: Readonly<Record<string, string | string[]>>
  body: Buffer | undefined
  timeoutMs: number
  isTrusted: boolean
}

/** A receiver's answer. */
export interface Received {
  status: number
  headers: IncomingMessage['headers']
  /** The beginning of the body. */
  body: Buffer
  /** Of the whole body, as far as it was read. */
  size: number
}

/** The target must not be called: trying again changes nothing. */
export class RefusedTarget extends Error {
  override name = 'RefusedTarget'
}

/** Receivers say little, and what they say is shown to people. */
const KEPT_BYTES = 4 * 1024
const READ_BYTES = 1024 * 1024

/**
 * Sends one request and waits for the whole answer. Redirects are not followed: a receiver's answer is no reason to call somebody
 * else. Each address is judged when the connection is made, so that a name cannot lead elsewhere in between.
 *
 * @throws RefusedTarget, or what the connection failed by
 */
export async function send ({ method, url, headers, body, timeoutMs, isTrusted }: Outgoing, policy: TargetPolicy, signal: AbortSignal): Promise<Received> {
  const target = targetOf(url, isTrusted)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new RefusedTarget(`${url.protocol} is no protocol to send by; use http: or https:`)
  if (isIP(target.hostname) !== 0) {
    const reason = policy(target.hostname, target)
    if (reason !== undefined) throw new RefusedTarget(reason)
  }
  // Most mock servers send nothing, and should not wait for this when they start.
  const [{ request: open }, { lookup }] = await Promise.all([url.protocol === 'https:' ? import('node:https') : import('node:http'), import('node:dns')])
  const limit = AbortSignal.timeout(timeoutMs)
  const options: RequestOptions = {
    method,
    headers: { ...headers, ...body !== undefined && { 'content-length': body.length } },
    lookup: judgedLookup(lookup, policy, target),
    // One connection for each request: a receiver that is closed in a test need not wait for idle ones.
    agent: false,
    signal: AbortSignal.any([signal, limit])
  }
  return await new Promise<Received>((resolve, reject) => {
    const request = open(url, options, response => {
      read(response).then(resolve, reject)
    })
    request.on('error', reject)
    request.end(body)
  }).catch((error: unknown) => {
    throw limit.aborted && !signal.aborted ? Object.assign(new Error(`no answer within ${timeoutMs} ms`), { code: 'ETIMEDOUT' }) : error
  })
}

function targetOf (url: URL, isTrusted: boolean): Target {
  const hostname = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  return { hostname, port: Number(url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port), isTrusted }
}

/** Finds the addresses of a host, and leaves out those that must not be called. */
function judgedLookup (lookup: typeof import('node:dns').lookup, policy: TargetPolicy, target: Target): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '')
      const reasons = addresses.map(({ address }) => policy(address, target))
      const allowed = addresses.filter((_, index) => reasons[index] === undefined)
      const [first] = allowed
      if (first === undefined) return callback(new RefusedTarget(reasons[0] ?? `${hostname} has no address`), '')
      if (options.all === true) callback(null, allowed)
      else callback(null, first.address, first.family)
    })
  }
}

async function read (response: IncomingMessage): Promise<Received> {
  const parts: Buffer[] = []
  let size = 0
  let kept = 0
  for await (const part of response) {
    const bytes: Buffer = part
    size += bytes.length
    if (kept < KEPT_BYTES) parts.push(bytes.subarray(0, KEPT_BYTES - kept))
    kept += bytes.length
    if (size > READ_BYTES) break
  }
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts), size }
}
