import type { HmacCheck } from '../config.ts'

/** What a signature header says. */
export interface SignedParts {
  /** Those that may be the one: providers that change their secret send several. */
  readonly signatures: readonly string[]
  /** As it was sent. */
  readonly timestamp?: string | undefined
  /** Of the message, where it has one. */
  readonly id?: string | undefined
}

/** What of a request can be signed. */
export interface Signable {
  readonly method: string
  readonly url: string
  readonly path: string
  readonly query: string
  readonly timestamp: string
  readonly id: string
  readonly body: string | Buffer
  /** SHA-256 of the body, in hexadecimal digits. */
  readonly bodyHash: string
  readonly header: (name: string) => string
}

/** How somebody writes signatures. */
export interface SignatureScheme {
  readonly header: string
  /** What the header looks like, for people. */
  readonly form: string
  /** Where the time stands; undefined where none is signed. */
  readonly timestampAt: string | undefined
  readonly algorithm: string
  readonly encoding: 'hex' | 'base64'
  readonly keyOf: (secret: string) => string | Buffer
  /** Undefined where the header does not look like one. */
  read (value: string, header: (name: string) => string | undefined): SignedParts | undefined
  signed (request: Signable): Iterable<string | Buffer>
}

/** The twin of `lib/webhook/sign.ts`, which signs what is sent. */
export function schemeOf (options: HmacCheck): SignatureScheme {
  const { algorithm = 'sha256', encoding = 'hex', prefix = '' } = options
  const named = (fallback: string): string => (options.header ?? fallback).toLowerCase()
  const timed = (fallback: string): string => (options.timestamp_header ?? fallback).toLowerCase()
  const usual = { algorithm, encoding: 'hex', keyOf: (secret: string) => secret, timestampAt: undefined } as const
  switch (options.scheme ?? 'github') {
    case 'github': return {
      ...usual,
      header: named('x-hub-signature-256'),
      form: `${algorithm}=<hex>`,
      read: after(`${algorithm}=`),
      signed: ({ body }) => [body]
    }
    case 'stripe': {
      const header = named('stripe-signature')
      return {
        ...usual,
        header,
        form: 't=<seconds>,v1=<hex>',
        timestampAt: header,
        read (value) {
          const members = value.split(',').map(member => member.trim().split('='))
          const all = (wanted: string): string[] => members.flatMap(([name, text = '']) => name === wanted ? [text] : [])
          const signatures = all('v1')
          return signatures.length === 0 ? undefined : { signatures, timestamp: all('t')[0] }
        },
        signed: ({ timestamp, body }) => [`${timestamp}.`, body]
      }
    }
    case 'slack': {
      const timestampAt = timed('x-slack-request-timestamp')
      return {
        ...usual,
        header: named('x-slack-signature'),
        form: 'v0=<hex>',
        timestampAt,
        read: after('v0=', timestampAt),
        signed: ({ timestamp, body }) => [`v0:${timestamp}:`, body]
      }
    }
    case 'standard': return {
      ...usual,
      header: named('webhook-signature'),
      form: 'v1,<base64>',
      encoding: 'base64',
      timestampAt: timed('webhook-timestamp'),
      keyOf: secret => Buffer.from(secret.replace(/^whsec_/, ''), 'base64'),
      read (value, header) {
        const signatures = value.split(' ').flatMap(item => item.startsWith('v1,') ? [item.slice(3)] : [])
        return signatures.length === 0 ? undefined : { signatures, timestamp: header(timed('webhook-timestamp')), id: header('webhook-id') }
      },
      signed: ({ id, timestamp, body }) => [`${id}.${timestamp}.`, body]
    }
    case 'plain': return {
      ...usual,
      header: named('x-signature'),
      form: `${prefix}<${encoding}>`,
      encoding,
      read: after(prefix),
      signed: ({ body }) => [body]
    }
    case 'canonical': {
      const signed = options.signed ?? '{timestamp}\\n{method}\\n{url}\\n{body}'
      const timestampAt = signed.includes('{timestamp}') ? timed('x-timestamp') : undefined
      return {
        ...usual,
        header: named('x-signature'),
        form: `${prefix}<${encoding}>`,
        encoding,
        timestampAt,
        read: after(prefix, timestampAt),
        signed: canonical(signed)
      }
    }
  }
}

const after = (prefix: string, timestampAt?: string): SignatureScheme['read'] => (value, header) =>
  value.startsWith(prefix) ? { signatures: [value.slice(prefix.length).trim()], ...timestampAt !== undefined && { timestamp: header(timestampAt) } } : undefined

const PARTS: Readonly<Record<string, (request: Signable) => string | Buffer>> = {
  method: ({ method }) => method,
  url: ({ url }) => url,
  path: ({ path }) => path,
  query: ({ query }) => query,
  timestamp: ({ timestamp }) => timestamp,
  body: ({ body }) => body,
  body_sha256: ({ bodyHash }) => bodyHash
}

/** Names between braces that `signed` may have, but for `header:...`. */
export const SIGNED_PARTS: readonly string[] = Object.keys(PARTS)

/** Compiles a canonical text; a name that is not known stays as it stands. */
function canonical (text: string): SignatureScheme['signed'] {
  const pieces = text.replaceAll('\\n', '\n').split(/(\{[a-z_0-9]+(?::[^{}]+)?\})/).map(piece => {
    const [, name = '', argument] = /^\{([a-z_0-9]+)(?::([^{}]+))?\}$/.exec(piece) ?? []
    if (name === 'header' && argument !== undefined) return (request: Signable) => request.header(argument.toLowerCase())
    return Object.hasOwn(PARTS, name) ? PARTS[name] ?? (() => piece) : () => piece
  })
  return request => pieces.map(piece => piece(request))
}
