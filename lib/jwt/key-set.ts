import { isDeepStrictEqual } from 'node:util'
import type { CryptoKey, JSONWebKeySet, JWK, JWSHeaderParameters, JWTHeaderParameters, JWTPayload } from 'jose'
import { MOCK_ERR_KEYS } from '../errors.ts'
import { algorithmsOf, isKeyPairAlgorithm, type KeyPairAlgorithm } from './algorithm.ts'
import { keepKeys } from './key-file.ts'
import { publicPart } from './read-keys.ts'

/** A private key of the mock server's own. */
export interface SigningKey {
  readonly kid: string
  readonly alg: KeyPairAlgorithm
  readonly key: CryptoKey
}

export interface KeySetOptions {
  /** What keys are made for; the first signs where nothing else is asked for. Default: RS256. */
  algorithms?: readonly KeyPairAlgorithm[] | undefined
  /** Absolute path: keys are read from it, and written where there are none yet. Default: in memory only. */
  file?: string | undefined
}

export interface RotateOptions {
  /** Whether tokens of the keys before are still good, and these still published. Default: true. */
  keep?: boolean
}

/**
 * The keys that the mock server signs tokens with: what its personas and its OpenID provider issue. They are made when first asked for, and
 * outlive reloads; with a `file`, restarts as well.
 */
export interface KeySet {
  /**
   * The key that signs now; one is made for an algorithm that has none.
   *
   * @throws MOCK_ERR_KEYS
   */
  signingKey (algorithm?: KeyPairAlgorithm): Promise<SigningKey>
  /**
   * A token (JWS in compact form) signed by `header.alg`, or the first algorithm. Times are the caller's to set.
   *
   * @example
   * await keys.sign({ sub: 'ann', exp: 1_900_000_000 }, { typ: 'at+jwt' })
   */
  sign (claims: JWTPayload, header?: Partial<JWTHeaderParameters>): Promise<string>
  /** What verifiers may know (RFC 7517): the keys that sign now, and those before them that still count, newest first. */
  jwks (): Promise<JSONWebKeySet>
  /** The key that a token was signed with: what `jwtVerify` of jose takes. Rejects with errors of jose where there is none. */
  verificationKey (header?: JWSHeaderParameters): Promise<CryptoKey>
  /** Makes new keys for all algorithms in use; resolves to their ids. */
  rotate (options?: RotateOptions): Promise<string[]>
  /** Takes other options; keys in use that they still allow for stay. */
  configure (options?: KeySetOptions): void
}

/** How many keys of an algorithm are remembered, the one that signs included. */
const REMEMBERED = 4

/** @example const { keys } = await createKeySet({ algorithms: ['ES256'] }).jwks() */
export function createKeySet (initial: KeySetOptions = {}): KeySet {
  let options = initial
  /** All private keys, newest first; and as they were before what is under way. */
  let ring: Promise<JWK[]> | undefined
  let settled: JWK[] | undefined
  let resolver: { ring: JWK[], resolve: (header?: JWSHeaderParameters) => Promise<CryptoKey> } | undefined

  const usual = (): KeyPairAlgorithm => options.algorithms?.[0] ?? 'RS256'
  const isFor = (algorithm: KeyPairAlgorithm) => (key: JWK) => algorithmsOf(key).includes(algorithm)

  /** One change after the other: keys that are asked for at the same time are made once. */
  function change (next: (known: JWK[]) => JWK[] | Promise<JWK[]>): Promise<JWK[]> {
    const before = ring ?? start()
    const changed = before.then(async known => {
      const keys = await next(known)
      return keys === known ? known : await store(keys)
    })
    ring = changed
    // What failed is tried anew the next time, with the keys that there were.
    changed.then(keys => { settled = keys }, () => { if (ring === changed) ring = settled === undefined ? undefined : Promise.resolve(settled) })
    return changed
  }

  async function start (): Promise<JWK[]> {
    const { file } = options
    if (file !== undefined) return await keepKeys(file).read(() => made(options.algorithms ?? [usual()]))
    return await made(options.algorithms ?? [usual()])
  }

  async function store (keys: JWK[]): Promise<JWK[]> {
    if (options.file !== undefined) await keepKeys(options.file).write(keys)
    return keys
  }

  const current = (): Promise<JWK[]> => ring ?? change(known => known)

  async function withKeyFor (algorithm: KeyPairAlgorithm): Promise<JWK> {
    const has = isFor(algorithm)
    const keys = await change(async known => known.some(has) ? known : [...known, ...await made([algorithm])])
    const key = keys.find(has)
    if (key === undefined) throw new MOCK_ERR_KEYS(`there is none for ${algorithm}`)
    return key
  }

  async function signingKey (algorithm = usual()): Promise<SigningKey> {
    const jwk = await withKeyFor(algorithm)
    const { importJWK } = await import('jose')
    const key = await importJWK(jwk, algorithm)
    if (key instanceof Uint8Array) throw new MOCK_ERR_KEYS(`${jwk.kid} is a secret, and no private key`)
    return { kid: jwk.kid ?? '', alg: algorithm, key }
  }

  return {
    signingKey,
    async sign (claims, header = {}) {
      const { alg } = header
      if (alg !== undefined && !isKeyPairAlgorithm(alg)) throw new MOCK_ERR_KEYS(`'${alg}' is no algorithm for a pair of keys`)
      const [{ SignJWT }, key] = await Promise.all([import('jose'), signingKey(alg)])
      return await new SignJWT(claims).setProtectedHeader({ typ: 'JWT', kid: key.kid, ...header, alg: key.alg }).sign(key.key)
    },
    async jwks () {
      return { keys: (await current()).map(publicPart) }
    },
    async verificationKey (header) {
      const keys = await current()
      if (resolver?.ring !== keys) {
        const { createLocalJWKSet } = await import('jose')
        resolver = { ring: keys, resolve: createLocalJWKSet({ keys: keys.map(publicPart) }) }
      }
      return await resolver.resolve(header)
    },
    async rotate ({ keep = true } = {}) {
      let fresh: JWK[] = []
      await change(async known => {
        const inUse = [...new Set(known.flatMap(key => isKeyPairAlgorithm(key.alg) ? [key.alg] : []))]
        fresh = await made(inUse)
        return keep ? remembered([...fresh, ...known]) : fresh
      })
      return fresh.map(({ kid = '' }) => kid)
    },
    configure (next = {}) {
      if (next.file !== options.file) ring = settled = undefined
      else if (!isDeepStrictEqual(next, options) && ring !== undefined) {
        const wanted = next.algorithms ?? ['RS256']
        change(async known => {
          const lacking = wanted.filter(algorithm => !known.some(isFor(algorithm)))
          return lacking.length === 0 ? known : [...known, ...await made(lacking)]
        }).catch(() => {})
      }
      options = next
    }
  }
}

async function made (algorithms: readonly KeyPairAlgorithm[]): Promise<JWK[]> {
  const { generateKeyPair, exportJWK, calculateJwkThumbprint } = await import('jose')
  return await Promise.all(algorithms.map(async alg => {
    const { privateKey } = await generateKeyPair(alg, { extractable: true })
    const jwk = { ...await exportJWK(privateKey), alg }
    return { ...jwk, kid: await calculateJwkThumbprint(jwk) }
  }))
}

/** The newest few of each algorithm. */
function remembered (keys: readonly JWK[]): JWK[] {
  const counts = new Map<string | undefined, number>()
  return keys.filter(({ alg }) => {
    const count = (counts.get(alg) ?? 0) + 1
    counts.set(alg, count)
    return count <= REMEMBERED
  })
}
