import { Ajv } from 'ajv'
import type { FastifyInstance } from 'fastify'
import { MOCK_ERR_CONTROL_BODY, MOCK_ERR_CONTROL_MEDIA_TYPE } from '../../lib/errors.ts'
import { stringifyJson } from '../../lib/stringify-json.ts'

/** Configurations are larger than what clients of an API send. */
const BODY_LIMIT = 64 * 1024 * 1024

/**
 * How mock control reads requests: JSON of any kind, and no body at all whatever the content type says (`curl -X POST -d ''`).
 */
export function readBodies (fastify: FastifyInstance): void {
  const options = { parseAs: 'string', bodyLimit: BODY_LIMIT } as const
  fastify.removeAllContentTypeParsers()
  fastify.addContentTypeParser(/^application\/(?:[\w.-]+\+)?json\b/i, options, async (_request: unknown, text: string) => {
    if (text === '') return undefined
    try {
      return JSON.parse(text)
    } catch (cause) {
      throw new MOCK_ERR_CONTROL_BODY(`The body is not valid JSON: ${cause instanceof Error ? cause.message : ''}`, { cause })
    }
  })
  fastify.addContentTypeParser('*', options, async (request: { headers: Record<string, unknown> }, text: string) => {
    if (text !== '') throw new MOCK_ERR_CONTROL_MEDIA_TYPE(String(request.headers['content-type'] ?? ''))
  })
}

/**
 * Query and path parameters are checked by their schemas, and what a route does not know is refused. Bodies are not: they are
 * configurations, which the mock itself checks, and explains better. The schemas of bodies and answers are for the document.
 */
export function checkParameters (fastify: FastifyInstance): void {
  const ajv = new Ajv({ coerceTypes: 'array', useDefaults: true, strict: false })
  fastify.setValidatorCompiler(({ schema, httpPart }) => httpPart === 'body' ? () => true : ajv.compile(schema))
  fastify.setSerializerCompiler(() => data => stringifyJson(data) ?? '')
  fastify.setSchemaErrorFormatter(([error], part) => {
    const { instancePath = '', message = 'is not valid', params = {} } = error ?? {}
    if ('additionalProperty' in params) return new Error(`There is no parameter '${params.additionalProperty}' in the ${part}`)
    const allowed = 'allowedValues' in params && Array.isArray(params.allowedValues) ? `: ${params.allowedValues.join(', ')}` : ''
    return new Error(`Parameter '${instancePath.slice(1)}' of the ${part} ${message}${allowed}`)
  })
}
