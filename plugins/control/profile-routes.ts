import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { MOCK_ERR_CONTROL_BODY } from '../../lib/errors.ts'
import type { Profiles } from '../../lib/profile/active-profile.ts'
import { numberIn, optionsIn } from './body-members.ts'
import { ProblemRef } from './schemas.ts'
import { ScopeQuery } from './scope-query.ts'

export interface ProfileRoutesOptions {
  /** Whose profile a request is about. */
  profilesOf: (scope: string | undefined) => Profiles
}

const Current = Type.Object({
  current: Type.Optional(Type.String({ description: 'The profile in use; absent for none.' })),
  until: Type.Optional(Type.String({ description: 'When it goes off, by the clock; ISO 8601.' }))
})
const Profile = Type.Object({ name: Type.String(), description: Type.Optional(Type.String()), built_in: Type.Boolean() })

/** Profiles: the one in use, and what there are. */
export const profileRoutes: FastifyPluginAsyncTypebox<ProfileRoutesOptions> = async (fastify, { profilesOf }) => {
  const common = { tags: ['profiles'], querystring: ScopeQuery }

  fastify.get('', {
    schema: { ...common, summary: 'Profiles', response: { 200: Type.Object({ ...Current.properties, profiles: Type.Array(Profile) }), 404: ProblemRef } }
  }, async ({ query: { scope } }) => {
    const profiles = profilesOf(scope)
    return { ...currentOf(profiles), profiles: profiles.list() }
  })

  fastify.put('/current', {
    schema: {
      ...common,
      summary: 'Use a profile',
      body: Type.Object({ name: Type.String(), for_ms: Type.Optional(Type.Number({ description: 'It goes off again after so many milliseconds.' })) }),
      response: { 200: Current, 400: ProblemRef, 404: ProblemRef }
    }
  }, async ({ query: { scope }, body }) => {
    const profiles = profilesOf(scope)
    const options = optionsIn(body, ['name', 'for_ms'])
    const { name } = options
    if (typeof name !== 'string') throw new MOCK_ERR_CONTROL_BODY('Send a JSON object as the body: {"name": …}, the name of a profile')
    const duration = numberIn(options, 'for_ms', 0)
    profiles.use(name, duration === undefined ? {} : { for_ms: duration })
    return currentOf(profiles)
  })

  fastify.delete('/current', {
    schema: { ...common, summary: 'Go back to the profile that the configuration begins with, or for a scope to that of the server', response: { 200: Current, 404: ProblemRef } }
  }, async ({ query: { scope } }) => {
    const profiles = profilesOf(scope)
    profiles.reset()
    return currentOf(profiles)
  })
}

function currentOf ({ current, until }: Profiles) {
  return { ...current !== undefined && { current }, ...until !== undefined && { until: new Date(until).toISOString() } }
}
