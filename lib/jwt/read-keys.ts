import { createPrivateKey, createPublicKey, X509Certificate, type KeyObject } from 'node:crypto'
import type { JWK } from 'jose'
import { isObject } from '../schema/subschemas.ts'
import { algorithmsOf } from './algorithm.ts'

/**
 * Reads the keys of a file: a JWK Set or a JWK (RFC 7517), or any number of PEM blocks: private keys (PKCS #8, PKCS #1, SEC 1), public keys
 * and certificates.
 *
 * @throws Error that says what is wrong with the text
 * @example
 * readKeys(await readFile('issuer.pem', 'utf8'))[0].kty // 'RSA'
 */
export function readKeys (text: string): JWK[] {
  const keys = text.trimStart().startsWith('{') ? readJson(text) : readPem(text)
  if (keys.length === 0) throw new Error('there is no key in it')
  for (const key of keys) {
    if (algorithmsOf(key).length === 0) throw new Error(`a key of the type ${key.kty ?? '?'}${key.crv === undefined ? '' : ` with the curve ${key.crv}`} cannot be used for signatures`)
  }
  return keys
}

/** Whether a key can sign, and not only verify. */
export const isPrivate = ({ kty, d }: JWK): boolean => kty !== 'oct' && d !== undefined

/** What of a key may be known to everybody. */
export function publicPart ({ kty, crv, x, y, n, e, kid, alg }: JWK): JWK {
  const part = { kty, crv, x, y, n, e, kid, alg, use: 'sig' }
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined))
}

function readJson (text: string): JWK[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Error('it starts like JSON and is none')
  }
  const keys = isObject(value) && Array.isArray(value.keys) ? value.keys : [value]
  return keys.map(key => {
    if (!isJwk(key)) throw new Error("it has a key without 'kty': expected a JWK, or a JWK Set with 'keys'")
    return key
  })
}

const isJwk = (value: unknown): value is JWK => isObject(value) && typeof value.kty === 'string'

function readPem (text: string): JWK[] {
  const blocks = text.match(/-----BEGIN [A-Z0-9 ]+-----[^-]+-----END [A-Z0-9 ]+-----/g)
  if (blocks === null) throw new Error('it is neither JSON nor PEM')
  return blocks.filter(block => !block.includes('PARAMETERS')).map(block => {
    try {
      return keyOf(block).export({ format: 'jwk' }) as JWK
    } catch (cause) {
      throw new Error(`its block '${/BEGIN ([^-]+)/.exec(block)?.[1] ?? ''}' cannot be read${block.includes('ENCRYPTED') ? ': encrypted keys are not supported' : ''}`, { cause })
    }
  })
}

function keyOf (block: string): KeyObject {
  if (block.includes('CERTIFICATE')) return new X509Certificate(block).publicKey
  return block.includes('PRIVATE KEY') ? createPrivateKey(block) : createPublicKey(block)
}
