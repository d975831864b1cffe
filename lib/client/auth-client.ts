import type { JSONWebKeySet } from 'jose'
import type { MockSession } from '../mock-session.ts'
import type { PersonaInfo } from '../security/personas.ts'
import { answerOf, type Send } from './transport.ts'

/** Who tests call as, of one session. */
export const createAuthClient = (send: Send): MockSession['auth'] => ({
  token: async (persona, options = {}) => (await answerOf<{ token: string }>(send('POST', '/auth/token', { body: { ...options, persona } }))).token,
  headers: async (persona, options = {}) => (await answerOf<{ headers: Record<string, string> }>(send('POST', '/auth/headers', { body: { ...options, persona } }))).headers,
  personas: async () => (await answerOf<{ personas: PersonaInfo[] }>(send('GET', '/auth/personas'))).personas,
  jwks: () => answerOf<JSONWebKeySet>(send('GET', '/auth/jwks')),
  rotateKeys: async (options = {}) => (await answerOf<{ keys: string[] }>(send('POST', '/auth/keys/rotate', { body: options }))).keys
})
