import type { JWK } from 'jose'

/** Algorithms of signatures by a pair of keys (RFC 7518, section 3.1; RFC 8037; RFC 9864), best known first. */
export const KEY_PAIR_ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'] as const
export type KeyPairAlgorithm = typeof KEY_PAIR_ALGORITHMS[number]

/** Algorithms of signatures by a shared secret. */
export const SECRET_ALGORITHMS = ['HS256', 'HS384', 'HS512'] as const
export type SecretAlgorithm = typeof SECRET_ALGORITHMS[number]

export type Algorithm = KeyPairAlgorithm | SecretAlgorithm

export const isSecretAlgorithm = (name: unknown): name is SecretAlgorithm => SECRET_ALGORITHMS.some(known => known === name)

export const isKeyPairAlgorithm = (name: unknown): name is KeyPairAlgorithm => KEY_PAIR_ALGORITHMS.some(known => known === name)

const CURVES: Readonly<Record<string, KeyPairAlgorithm>> = { 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512' }

/**
 * The algorithms that a key can be used with; only one where the key itself says so.
 *
 * @example
 * algorithmsOf({ kty: 'EC', crv: 'P-256' }) // ['ES256']
 */
export function algorithmsOf ({ kty, crv, alg }: JWK): Algorithm[] {
  if (isKeyPairAlgorithm(alg) || isSecretAlgorithm(alg)) return [alg]
  switch (kty) {
    case 'RSA': return KEY_PAIR_ALGORITHMS.filter(name => /^[RP]S/.test(name))
    case 'EC': return Object.hasOwn(CURVES, crv ?? '') ? [CURVES[crv ?? ''] ?? 'ES256'] : []
    case 'OKP': return crv === 'Ed25519' ? ['EdDSA', 'Ed25519'] : []
    case 'oct': return [...SECRET_ALGORITHMS]
    default: return []
  }
}
