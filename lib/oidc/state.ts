import type { Expiring } from './expiring.ts'
import { createExpiring } from './expiring.ts'
import type { Person } from './people.ts'

/** Somebody who is signed in. */
export interface Login {
  readonly sid: string
  readonly person: Person
  /** When, in milliseconds since the epoch. */
  readonly at: number
}

/** All that came of one login: revoked as one. */
export interface Grant {
  isRevoked: boolean
  /** The access tokens, newest last. */
  readonly accessTokens: Set<string>
}

/** What an authorization request asks for, once it is sound. */
export interface AuthorizationRequest {
  readonly client: string
  readonly redirectUri: string
  /** Whether the request named it: then the token request has to as well. */
  readonly isRedirectNamed: boolean
  readonly responseMode: 'query' | 'fragment' | 'form_post'
  readonly scopes: readonly string[]
  readonly state?: string | undefined
  readonly nonce?: string | undefined
  readonly challenge?: { readonly value: string, readonly method: 'S256' | 'plain' } | undefined
  readonly prompts: readonly string[]
  readonly maxAge?: number | undefined
  readonly loginHint?: string | undefined
  readonly acr?: string | undefined
  readonly resources: readonly string[]
}

/** What tokens are given for. */
export interface Authorization {
  readonly client: string
  readonly login: Login
  readonly scopes: readonly string[]
  readonly resources: readonly string[]
  readonly grant: Grant
  readonly nonce?: string | undefined
  readonly acr?: string | undefined
}

export interface Code {
  readonly request: AuthorizationRequest
  readonly authorization: Authorization
  isUsed: boolean
}

export interface RefreshToken {
  readonly authorization: Authorization
  isUsed: boolean
}

/** A device that waits for somebody to sign in elsewhere. */
export interface Device {
  readonly client: string
  readonly scopes: readonly string[]
  readonly resources: readonly string[]
  readonly userCode: string
  readonly expires: number
  status: 'pending' | 'denied' | Login
  /** Milliseconds between two questions; it grows with each that comes too early. */
  interval: number
  askedAt: number | undefined
}

/** What the provider knows of one scope, beside the access tokens. */
export interface ProviderState {
  readonly interactions: Expiring<AuthorizationRequest>
  readonly logins: Expiring<Login>
  readonly codes: Expiring<Code>
  readonly refreshTokens: Expiring<RefreshToken>
  readonly devices: Expiring<Device>
  /** By what people type. */
  readonly userCodes: Expiring<Device>
  /** Assertions of clients that were used: each is good once. */
  readonly assertions: Expiring<true>
  /** JSON Web Tokens that were revoked, by `jti`. */
  readonly revoked: Expiring<true>
}

export const createProviderState = (): ProviderState => ({
  interactions: createExpiring(),
  logins: createExpiring(),
  codes: createExpiring(),
  refreshTokens: createExpiring(),
  devices: createExpiring(),
  userCodes: createExpiring(),
  assertions: createExpiring(),
  revoked: createExpiring(50_000)
})

export const createGrant = (): Grant => ({ isRevoked: false, accessTokens: new Set() })
