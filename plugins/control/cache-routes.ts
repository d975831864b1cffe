import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { CacheControls } from '../../lib/cache/shared-cache.ts'
import { optionsIn, textOf } from './body-members.ts'
import { ProblemRef } from './schemas.ts'
import { ScopeQuery } from './scope-query.ts'

export interface CacheRoutesOptions {
  /** Whose cache a request is about. */
  cacheOf: (scope: string | undefined) => CacheControls
}

const Entry = Type.Object({
  url: Type.String({ description: "Path and query, without the plugin's prefix." }),
  status: Type.Integer(),
  vary: Type.Record(Type.String(), Type.Union([Type.String(), Type.Null()]), { description: 'The request headers that it depends on, as they were; null for one that was not there.' }),
  age: Type.Integer({ description: 'In seconds.' }),
  ttl: Type.Integer({ description: 'For how many seconds more it is fresh; negative once it is stale.' }),
  bytes: Type.Integer({ description: 'What it counts for, body and headers.' }),
  hits: Type.Integer({ description: 'How often it was used.' }),
  stored: Type.String({ description: 'ISO 8601: when it was stored, or found to be still right.' })
})

/** The simulated shared cache: what it holds, and a way to throw it out. */
export const cacheRoutes: FastifyPluginAsyncTypebox<CacheRoutesOptions> = async (fastify, { cacheOf }) => {
  const common = { tags: ['cache'], querystring: ScopeQuery }

  fastify.get('', {
    schema: {
      ...common,
      summary: 'What the simulated shared cache holds, what was used last first',
      response: { 200: Type.Object({ bytes: Type.Integer(), entries: Type.Array(Entry) }), 404: ProblemRef }
    }
  }, async ({ query: { scope } }) => {
    const cache = cacheOf(scope)
    return { bytes: cache.bytes, entries: cache.list() }
  })

  fastify.post('/purge', {
    schema: {
      ...common,
      summary: 'Throw answers out of the cache: all, or those that a pattern fits',
      body: Type.Object({ pattern: Type.Optional(Type.String({ description: 'A path, with or without its query; `*` stands for any text. Default: all.' })) }),
      response: { 200: Type.Object({ purged: Type.Integer({ description: 'How many they were.' }) }), 400: ProblemRef, 404: ProblemRef }
    }
  }, async ({ query: { scope }, body }) => {
    const options = optionsIn(body, ['pattern'])
    return { purged: cacheOf(scope).purge(options.pattern === undefined ? undefined : textOf(options, 'pattern')) }
  })
}
