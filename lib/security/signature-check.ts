import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { HmacCheck } from '../config.ts'
import type { Violation } from '../violation/violation.ts'
import { callerOf } from './caller.ts'
import type { Outcome, Presented, SchemeCheck } from './scheme-check.ts'
import { schemeOf, type SignedParts } from './signature-schemes.ts'

/**
 * Requests that are signed with a shared secret (HMAC), the way that providers of webhooks sign theirs, or by a canonical text of one's
 * own. What is signed is the body as it came, or what it was inflated to.
 */
export function signatureCheck (scheme: string, options: HmacCheck): SchemeCheck {
  const { secret, secrets, key_id_header: keyIdHeader = 'x-key-id', tolerance_s: tolerance = 300 } = options
  const style = schemeOf(options)
  const header = style.header
  const violation = (at: string, message: string): Violation => ({ in: 'header', pointer: `/${at}`, rule: 'security', expected: `a signature (HMAC) in the header '${header}'`, message })
  const invalid = (at: string, message: string): Outcome => ({ violation: violation(at, message), reason: 'invalid' })
  const missing: Outcome = { violation: violation(header, 'must be there: it holds the signature'), reason: 'missing' }
  const keyIds = keyIdHeader.toLowerCase()

  /** Whose secret it is, and the secret. */
  function secretFor (request: Presented): { name: string, secret: string } | undefined {
    const id = headerOf(request, keyIds)
    if (secrets !== undefined && id !== undefined) return Object.hasOwn(secrets, id) ? { name: id, secret: secrets[id] ?? '' } : undefined
    return secret === undefined ? undefined : { name: id ?? scheme, secret }
  }

  return {
    isDeep: true,
    needsBody: true,
    check (request) {
      const value = headerOf(request, header)
      if (value === undefined) return missing
      const parts = style.read(value, name => headerOf(request, name))
      if (parts === undefined) return invalid(header, `must hold a signature as '${style.form}'`)
      const owner = secretFor(request)
      if (owner === undefined) return invalid(keyIds, 'must name one of `secrets`')
      if (style.timestampAt !== undefined) {
        const time = parts.timestamp === undefined ? NaN : millisecondsOf(parts.timestamp)
        if (Number.isNaN(time)) return invalid(style.timestampAt, 'must hold the time of the signature')
        const off = Math.abs(request.now() - time) / 1000
        if (off > tolerance) return invalid(style.timestampAt, `must not be more than ${tolerance} s off: it is ${Math.round(off)} s`)
      }
      const wanted = signatureOf(request, parts, owner.secret)
      return parts.signatures.some(given => isSame(given, wanted))
        ? { caller: callerOf(scheme, { sub: owner.name }) }
        : invalid(header, 'must hold the signature of this request: it is another')
    }
  }

  function signatureOf (request: Presented, parts: SignedParts, key: string): string {
    const hash = createHmac(style.algorithm, style.keyOf(key))
    for (const piece of style.signed(toSign(request, parts))) hash.update(piece)
    return hash.digest(style.encoding)
  }
}

/** What of a request can be signed. */
function toSign (request: Presented, { timestamp = '', id = '' }: SignedParts) {
  const { method, url } = request
  const [path = '', ...query] = url.split('?')
  const body = request.rawBody() ?? ''
  return {
    method,
    url,
    path,
    query: query.join('?'),
    timestamp,
    id,
    body,
    get bodyHash () { return createHash('sha256').update(body).digest('hex') },
    header: (name: string) => headerOf(request, name) ?? ''
  }
}

const headerOf = ({ headers }: Presented, name: string): string | undefined => {
  const value = headers[name]
  return Array.isArray(value) ? value.join(', ') : value === '' ? undefined : value
}

/** Seconds or milliseconds since the epoch, or a date. */
function millisecondsOf (text: string): number {
  if (!/^\d+(?:\.\d+)?$/.test(text)) return Date.parse(text)
  const number = Number(text)
  return number > 100_000_000_000 ? number : number * 1000
}

function isSame (given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}
