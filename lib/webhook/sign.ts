import { createHmac } from 'node:crypto'
import type { Sign } from '../config.ts'

/** What a signature is made of. */
export interface Signable {
  /** Of the delivery; the same for all its attempts. */
  id: string
  /** Seconds since the epoch, of the attempt. */
  timestamp: number
  body: Buffer
}

/** Gives the headers that carry the signature, names in lower case. */
export type Signer = (signable: Signable) => Record<string, string>

const HEADERS = { github: 'x-hub-signature-256', stripe: 'stripe-signature', standard: 'webhook-signature', plain: 'x-signature' } as const

/**
 * Compiles how deliveries are signed: as GitHub and Stripe sign theirs, by the Standard Webhooks specification
 * (standardwebhooks.com), or the bare HMAC of the body.
 */
export function signer ({ secret, scheme = 'github', header, algorithm = 'sha256', encoding = 'hex', prefix = '' }: Sign): Signer {
  const name = (header ?? HEADERS[scheme]).toLowerCase()
  const key = scheme === 'standard' ? Buffer.from(secret.replace(/^whsec_/, ''), 'base64') : secret
  const hmac = (parts: ReadonlyArray<string | Buffer>, as: 'hex' | 'base64'): string => {
    const hash = createHmac(algorithm, key)
    for (const part of parts) hash.update(part)
    return hash.digest(as)
  }
  switch (scheme) {
    case 'github': return ({ body }) => ({ [name]: `${algorithm}=${hmac([body], 'hex')}` })
    case 'stripe': return ({ timestamp, body }) => ({ [name]: `t=${timestamp},v1=${hmac([`${timestamp}.`, body], 'hex')}` })
    case 'standard': return ({ id, timestamp, body }) => ({
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      [name]: `v1,${hmac([`${id}.${timestamp}.`, body], 'base64')}`
    })
    case 'plain': return ({ body }) => ({ [name]: prefix + hmac([body], encoding) })
  }
}
