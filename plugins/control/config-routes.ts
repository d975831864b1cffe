import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { MOCK_ERR_CONTROL_BODY } from '../../lib/errors.ts'
import type { Mock } from '../../lib/mock.ts'
import { isObject } from '../../lib/schema/subschemas.ts'
import { ConfigRef, DiagnosticRef, ProblemRef, ReloadResultRef } from './schemas.ts'

export interface ConfigRoutesOptions {
  mock: Mock
}

const tags = ['config']

/** The configuration as a whole: read, replaced, checked. */
export const configRoutes: FastifyPluginAsyncTypebox<ConfigRoutesOptions> = async (fastify, { mock }) => {
  fastify.get('/config', {
    schema: { tags, summary: 'The live configuration', description: 'Merged from all its files.', response: { 200: ConfigRef } }
  }, async () => mock.config)

  fastify.get('/config/warnings', {
    schema: {
      tags,
      summary: 'What is doubtful about the live configuration',
      response: { 200: Type.Object({ warnings: Type.Array(DiagnosticRef) }) }
    }
  }, async () => ({ warnings: [...mock.warnings] }))

  fastify.put('/config', {
    schema: {
      tags,
      summary: 'Take another configuration',
      description: 'All of it or nothing. It is not written to any file.',
      body: ConfigRef,
      response: { 200: ReloadResultRef, 400: ProblemRef }
    }
  }, async ({ body }) => {
    if (body === undefined || body === null) throw new MOCK_ERR_CONTROL_BODY('Send the configuration as the body, in JSON')
    refuseIncludes(body)
    return mock.reload(body)
  })

  fastify.post('/config/validate', {
    schema: {
      tags,
      summary: 'Say what is wrong with a configuration, without taking it',
      body: ConfigRef,
      response: { 200: Type.Object({ valid: Type.Boolean(), diagnostics: Type.Array(DiagnosticRef) }), 400: ProblemRef }
    }
  }, async ({ body }) => {
    if (body === undefined) throw new MOCK_ERR_CONTROL_BODY('Send the configuration as the body, in JSON')
    refuseIncludes(body)
    const diagnostics = await mock.validate(body)
    return { valid: diagnostics.every(({ severity }) => severity !== 'error'), diagnostics }
  })
}

/** `POST /__reload`: the short way to the thing asked most. */
export const reloadRoute: FastifyPluginAsyncTypebox<ConfigRoutesOptions> = async (fastify, { mock }) => {
  fastify.post('/__reload', {
    schema: {
      tags,
      summary: 'Reload',
      description: 'Without a body: reads the files anew. With one: takes it as the configuration. When it is not valid, nothing changes.',
      // OpenAPI cannot say that a body may be missing here but must be a configuration when it is there, so it says less.
      body: ConfigRef,
      response: { 200: ReloadResultRef, 400: ProblemRef }
    }
  }, async ({ body }) => {
    refuseIncludes(body)
    return mock.reload(body ?? undefined)
  })
}

/** What a configuration includes is told in its diagnostics: over the network that would be a way to read any file. */
function refuseIncludes (body: unknown): void {
  if (isObject(body) && body.include !== undefined) {
    throw new MOCK_ERR_CONTROL_BODY("A configuration that comes over mock control cannot have 'include': name the files when you start the server")
  }
}
