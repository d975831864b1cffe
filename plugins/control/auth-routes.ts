import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { MISTAKES, personaMembers } from '../../lib/config-keys/security.ts'
import { MOCK_ERR_CONTROL_BODY } from '../../lib/errors.ts'
import { isObject } from '../../lib/schema/subschemas.ts'
import type { Auth, TokenOptions } from '../../lib/security/auth.ts'
import { optionsIn } from './body-members.ts'
import { ProblemRef } from './schemas.ts'
import { ScopeQuery } from './scope-query.ts'

export interface AuthRoutesOptions {
  /** Whose callers a request is about. */
  authOf: (scope: string | undefined) => Auth
}

const tags = ['auth']

const Asked = Type.Object({
  persona: Type.String({ description: 'Name of a persona, or of a mistake: `expired`, `wrong audience` …' }),
  scheme: Type.Optional(Type.String({ description: 'Name of the security scheme. Default: the first that takes tokens.' })),
  ...personaMembers
}, { additionalProperties: true, description: 'A persona, with what is to be otherwise for once; further members are claims.' })

const PersonaInfo = Type.Object({
  name: Type.String(),
  description: Type.Optional(Type.String()),
  mistake: Type.Optional(Type.String({ description: 'What is deliberately wrong with its tokens.' })),
  claims: Type.Record(Type.String(), Type.Unknown())
})

const Jwks = Type.Object({ keys: Type.Array(Type.Record(Type.String(), Type.Unknown())) })

/** Who tests call as: personas, their tokens and headers, and the keys that these are signed with. */
export const authRoutes: FastifyPluginAsyncTypebox<AuthRoutesOptions> = async (fastify, { authOf }) => {
  fastify.get('/personas', {
    schema: { tags, summary: 'Personas', querystring: ScopeQuery, response: { 200: Type.Object({ personas: Type.Array(PersonaInfo) }), 404: ProblemRef } }
  }, async ({ query: { scope } }) => ({ personas: authOf(scope).personas() }))

  fastify.post('/token', {
    schema: { tags, summary: 'A token of a persona', querystring: ScopeQuery, body: Asked, response: { 200: Type.Object({ token: Type.String() }), 400: ProblemRef, 404: ProblemRef, 422: ProblemRef } }
  }, async ({ query: { scope }, body }) => {
    const { persona, options } = asked(body)
    return { token: await authOf(scope).token(persona, options) }
  })

  fastify.post('/headers', {
    schema: { tags, summary: 'Headers that a request of a persona carries', querystring: ScopeQuery, body: Asked, response: { 200: Type.Object({ headers: Type.Record(Type.String(), Type.String()) }), 400: ProblemRef, 404: ProblemRef, 422: ProblemRef } }
  }, async ({ query: { scope }, body }) => {
    const { persona, options } = asked(body)
    return { headers: await authOf(scope).headers(persona, options) }
  })

  fastify.get('/jwks', {
    schema: { tags, summary: "The mock server's public keys, as a JWK Set", querystring: ScopeQuery, response: { 200: Jwks, 404: ProblemRef } }
  }, async ({ query: { scope } }) => await authOf(scope).jwks())

  fastify.post('/keys/rotate', {
    schema: {
      tags,
      summary: 'Sign with other keys from now on',
      querystring: ScopeQuery,
      body: Type.Optional(Type.Object({ keep: Type.Optional(Type.Boolean({ description: 'Whether tokens of the keys before stay good. Default: true.' })) })),
      response: { 200: Type.Object({ keys: Type.Array(Type.String({ description: 'Ids of the new keys.' })) }), 400: ProblemRef, 404: ProblemRef }
    }
  }, async ({ query: { scope }, body }) => {
    const { keep } = optionsIn(body, ['keep'])
    if (keep !== undefined && typeof keep !== 'boolean') throw new MOCK_ERR_CONTROL_BODY("'keep' has to be true or false")
    return { keys: await authOf(scope).rotateKeys(keep === undefined ? {} : { keep }) }
  })
}

/** Bodies of mock control are not checked by their schemas. */
function asked (body: unknown): { persona: string, options: TokenOptions } {
  if (!isObject(body) || typeof body.persona !== 'string') throw new MOCK_ERR_CONTROL_BODY('Send a JSON object as the body: {"persona": …}, the name of a persona')
  const { persona, ...options } = body
  for (const [key, shape] of Object.entries(SHAPES)) {
    if (options[key] !== undefined && !shape.fits(options[key])) throw new MOCK_ERR_CONTROL_BODY(`'${key}' has to be ${shape.what}`)
  }
  return { persona, options }
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''
const text = { what: 'a text', fits: isText }
const SHAPES: Readonly<Record<string, { what: string, fits: (value: unknown) => boolean }>> = {
  scheme: text,
  sub: text,
  type: text,
  algorithm: { what: 'the name of an algorithm, such as RS256', fits: isText },
  mistake: { what: `one of ${MISTAKES.map(name => `'${name}'`).join(', ')}`, fits: value => MISTAKES.some(name => name === value) },
  expires_in_s: { what: 'a number of seconds', fits: value => typeof value === 'number' },
  roles: { what: 'a list of texts', fits: value => Array.isArray(value) && value.every(isText) },
  scope: { what: 'a text, or a list of texts', fits: value => typeof value === 'string' || (Array.isArray(value) && value.every(isText)) }
}
