import type { OidcOperation, OidcOptions } from '../config-keys/oidc.ts'
import type { KeySet } from '../jwt/key-set.ts'
import type { IssuedTokens } from '../security/issued-tokens.ts'
import type { Parameters } from './parameters.ts'
import type { Person } from './people.ts'
import type { ProviderState } from './state.ts'

/** The provider of one configuration. */
export interface Provider {
  readonly options: OidcOptions
  readonly keys: KeySet
  /** Those who can sign in. */
  readonly people: readonly Person[]
  /** Whether whoever types a name is taken for that. */
  readonly isOpen: boolean
  /** Where its operations are served, below the issuer's origin. */
  readonly paths: Readonly<Partial<Record<OidcOperation, string>>>
}

/** One request to it. */
export interface Call {
  readonly method: string
  readonly parameters: Parameters
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly cookies: Readonly<Record<string, string>>
  readonly issuer: string
  /** The address of an operation. */
  readonly urlOf: (operation: OidcOperation) => string
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly state: ProviderState
  /** The access tokens. */
  readonly tokens: IssuedTokens
}

export interface OidcAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** Text is HTML, all else JSON. */
  readonly body?: string | object
}

export type Operate = (call: Call, provider: Provider) => OidcAnswer | Promise<OidcAnswer>

/** What must not be kept on the way (RFC 6749, section 5.1). */
export const NO_STORE = { 'cache-control': 'no-store', pragma: 'no-cache' }
