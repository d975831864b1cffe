import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { shareSchemas } from './schemas.ts'

const POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

export interface DocumentOptions {
  /** Where mock control lives, without the plugin's prefix. */
  path: string
  version: string
}

/** Describes every route that follows; the document's own routes show the API and say nothing of what is mocked, so they are open. */
export async function describeRoutes (fastify: FastifyInstance, { path, version }: DocumentOptions): Promise<void> {
  shareSchemas(fastify)
  await fastify.register(swagger, {
    refResolver: { buildLocalReference: ({ $id }) => String($id) },
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Mock control', version, description: 'Changes what is mocked while it runs, and tells what was called.' },
      tags: [
        { name: 'config', description: 'The configuration as a whole.' },
        { name: 'endpoints', description: 'One endpoint at a time.' },
        { name: 'logs', description: 'What was called.' },
        { name: 'state', description: 'Scenarios and variables.' },
        { name: 'variants', description: 'Answers that are switched on.' },
        { name: 'webhooks', description: 'What is sent to others.' },
        { name: 'server', description: 'The server itself.' }
      ],
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'Needed where `control.token` is set, and on addresses that other machines reach.' } } },
      security: [{}, { token: [] }]
    }
  })
  await fastify.register(swaggerUi, {
    routePrefix: `${path}/docs`,
    indexPrefix: fastify.prefix,
    staticCSP: POLICY,
    theme: { title: 'Mock control' },
    uiConfig: { docExpansion: 'list', deepLinking: true, persistAuthorization: false }
  })
  fastify.get(`${path}/api/openapi.json`, { schema: { hide: true } }, async () => fastify.swagger())
}
