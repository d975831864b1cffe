import { readFile } from 'node:fs/promises'
import type { CryptoKey, FlattenedJWSInput, JWK, JWSHeaderParameters } from 'jose'
import type { JwtCheck } from '../config.ts'
import { algorithmsOf, KEY_PAIR_ALGORITHMS, SECRET_ALGORITHMS, type Algorithm } from './algorithm.ts'
import type { KeySet } from './key-set.ts'
import { publicPart, readKeys } from './read-keys.ts'

export type FindKey = (header?: JWSHeaderParameters, token?: FlattenedJWSInput) => Promise<CryptoKey | Uint8Array>

/** The keys that tokens of an issuer are checked by. */
export interface TokenKeys {
  /** What they can be used with. */
  readonly algorithms: readonly Algorithm[]
  readonly find: FindKey
  /** As they were configured, private parts included; none of the mock server's own, and of those elsewhere. */
  readonly known: readonly JWK[]
}

/** A remote JWK Set is kept for ten minutes, and read anew for an unknown key, a second after the last time at the earliest. */
const REMOTE = { cacheMaxAge: 600_000, cooldownDuration: 1_000, timeoutDuration: 5_000 }

/** Loads what an issuer's tokens are checked by. Rejects where its file cannot be read. */
export async function loadTokenKeys (options: JwtCheck, own: KeySet): Promise<TokenKeys> {
  const { secret, jwks_url: url } = options
  if (secret !== undefined) {
    const bytes = new TextEncoder().encode(secret)
    return { algorithms: SECRET_ALGORITHMS, find: async () => bytes, known: [{ kty: 'oct', k: Buffer.from(bytes).toString('base64url') }] }
  }
  if (url !== undefined) {
    const { createRemoteJWKSet } = await import('jose')
    return { algorithms: KEY_PAIR_ALGORITHMS, find: createRemoteJWKSet(new URL(url), REMOTE), known: [] }
  }
  const known = await readConfigured(options)
  if (known === undefined) return { algorithms: KEY_PAIR_ALGORITHMS, find: own.verificationKey, known: [] }
  const algorithms = [...new Set(known.flatMap(algorithmsOf))]
  const [first] = known
  if (first?.kty === 'oct') {
    const bytes = Buffer.from(first.k ?? '', 'base64url')
    return { algorithms, find: async () => bytes, known }
  }
  const { createLocalJWKSet } = await import('jose')
  return { algorithms, find: createLocalJWKSet({ keys: known.map(publicPart) }), known }
}

/** Undefined where the configuration has none. */
async function readConfigured ({ key, key_file: file }: JwtCheck): Promise<JWK[] | undefined> {
  if (file !== undefined) return readKeys(await readFile(file, 'utf8'))
  return key === undefined ? undefined : readKeys(typeof key === 'string' ? key : JSON.stringify(key))
}
