import type { SecurityScheme } from '../config.ts'
import type { Violation } from '../violation/violation.ts'
import { callerOf, claimsOf } from './caller.ts'
import type { Certificate, Outcome, SchemeCheck } from './scheme-check.ts'

type Client = NonNullable<SecurityScheme['clients']>[number]

const violation = (message: string): Violation => ({ in: 'header', pointer: '', rule: 'security', expected: 'a client certificate', message })

const MISSING: Outcome = { violation: violation('must come by TLS with a client certificate'), reason: 'missing' }
const UNTRUSTED: Outcome = { violation: violation('must come with a client certificate that the server trusts'), reason: 'invalid' }
const UNKNOWN: Outcome = { violation: violation('must come with the certificate of one of `clients`'), reason: 'invalid' }

/**
 * Certificates of clients (mutual TLS), as the host's server has asked for them: `https: { requestCert: true, ca }`. With `rejectUnauthorized:
 * false` there, those that it does not trust get an answer that says so, instead of no connection.
 */
export function certificateCheck (scheme: string, clients: readonly Client[]): SchemeCheck {
  const known = clients.map((client, index) => ({ fits: compileClient(client), claims: claimsOf(client.sub ?? client.subject ?? `client ${index + 1}`, client) }))
  return {
    isDeep: true,
    needsBody: false,
    check (request) {
      const certificate = request.certificate()
      if (certificate === undefined) return MISSING
      if (!certificate.isTrusted) return UNTRUSTED
      const { subject } = certificate.peer
      if (clients.length === 0) return { caller: callerOf(scheme, { sub: [subject.CN].flat()[0] ?? '', ...tokenOf(certificate) }) }
      const client = known.find(({ fits }) => fits(certificate))
      return client === undefined ? UNKNOWN : { caller: callerOf(scheme, { ...client.claims, ...tokenOf(certificate) }) }
    }
  }
}

/** What a token that is bound to a certificate would say of it (RFC 8705, section 3.1). */
const tokenOf = ({ peer: { raw, fingerprint256 } }: Certificate) =>
  raw === undefined ? {} : { cnf: { 'x5t#S256': Buffer.from(plain(fingerprint256), 'hex').toString('base64url') } }

function compileClient ({ subject, san, fingerprint }: Client): (certificate: Certificate) => boolean {
  const wanted = fingerprint === undefined ? undefined : plain(fingerprint)
  return ({ peer }) =>
    (subject === undefined || fitsSubject(peer.subject, subject)) &&
    (san === undefined || (peer.subjectaltname ?? '').split(', ').includes(san)) &&
    (wanted === undefined || plain(peer.fingerprint256) === wanted)
}

/** A common name, or a whole subject, whose parts may stand in any order. */
function fitsSubject (subject: Certificate['peer']['subject'], wanted: string): boolean {
  const parts = Object.entries(subject).flatMap(([name, value]) => [value].flat().map(value => `${name}=${value}`))
  if (!wanted.includes('=')) return parts.includes(`CN=${wanted}`)
  const asked = wanted.split(',').map(part => part.trim())
  return asked.length === parts.length && asked.every(part => parts.includes(part))
}

const plain = (fingerprint: string): string => fingerprint.replaceAll(':', '').toUpperCase()
