import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Config, JsonSchema } from '../lib/config.ts'
import type { CompiledEndpoint } from '../lib/endpoint.ts'
import { parameterDecoder, type Values } from '../lib/parameters.ts'
import { requestBody } from '../lib/request-body.ts'
import type { LazyValidator, SchemaCompiler } from '../lib/schema/compiler.ts'
import { isObject } from '../lib/schema/subschemas.ts'
import { unknownQuery } from '../lib/unknown-query.ts'
import { createBodyJudge, type BodyJudge } from '../lib/violation/body-judge.ts'
import { createInterpreter } from '../lib/schema/interpreter.ts'
import { createFinder } from '../lib/violation/find.ts'
import { createPart, type Judges, type Part } from '../lib/violation/part.ts'
import { invalidRequest } from '../lib/violation/rejection.ts'
import type { Violation } from '../lib/violation/violation.ts'
import { readCookies } from './request-view.ts'

export interface ValidationOptions {
  compiler: SchemaCompiler
  config: Pick<Config, 'schemas' | 'security_schemes' | 'rejection'>
  /** Gets the validators of parameters, which may be prepared before requests come. */
  validators: LazyValidator[]
}

type Hook = (request: FastifyRequest, reply: FastifyReply, done: () => void) => void

/** What is judged of a request: each part, and how it is found. */
interface Judged {
  part: Part
  valueOf (request: FastifyRequest): unknown
  /** Whether Fastify has validated it already. */
  isFastifys: boolean
}

/**
 * Validates requests against an endpoint's `schema`. Fastify does the work, with validators that compile on first use; what it has no
 * word for is added: content types that are ranges or not JSON, optional bodies, cookies, unknown query parameters. A request that
 * fits pays for no more than that; all that is wrong with one that does not is looked for then.
 */
export default fp<ValidationOptions>(async (fastify, { compiler, config, validators }) => {
  const tools: Judges = { compiler, interpreter: createInterpreter(config.schemas), finder: createFinder(config.schemas) }
  fastify.setValidatorCompiler<JsonSchema>(({ schema, httpPart }) => {
    const validator = compiler.validator(httpPart === 'headers' ? lowerCased(schema) : schema, 'text')
    validators.push(validator)
    return validator
  })

  fastify.addHook('onRoute', route => {
    const endpoint = route.config?.endpoint
    if (endpoint === undefined) return
    const parts = judgedParts(endpoint, config, tools)
    const declared = requestBody(endpoint.config.schema?.body, route.method)
    const body = declared === undefined ? undefined : createBodyJudge(declared, tools)
    const unknown = unknownIn(endpoint, config)
    if (parts.length === 0 && body === undefined && unknown === undefined) return

    if (body !== undefined) route.onRequest = [...[route.onRequest ?? []].flat(), checkContentType(body)]
    // Fastify stops at the first part that does not fit; what is done about it is for the request's mode to say.
    route.attachValidation = true
    route.preHandler = [judge(parts, body, unknown, endpoint, config), ...[route.preHandler ?? []].flat()]
  })
}, { name: 'mock-validation', fastify: '5.x', dependencies: ['mock-exchange', 'mock-rejections'] })

function judgedParts ({ config: { schema = {} } }: CompiledEndpoint, { schemas }: ValidationOptions['config'], tools: Judges): Judged[] {
  const { params, querystring, headers, cookies } = schema
  const parts: Judged[] = []
  if (params !== undefined) parts.push({ part: createPart('path', params, 'schema/params', 'text', tools), valueOf: request => request.params, isFastifys: true })
  if (querystring !== undefined) parts.push({ part: createPart('query', querystring, 'schema/querystring', 'text', tools), valueOf: request => request.query, isFastifys: true })
  if (headers !== undefined) parts.push({ part: createPart('header', lowerCased(headers), 'schema/headers', 'text', tools), valueOf: request => request.headers, isFastifys: true })
  if (cookies !== undefined) {
    const decode = parameterDecoder(cookies, 'cookies', schemas)
    const valueOf = (request: FastifyRequest) => {
      const values: Values = { ...readCookies(request.headers.cookie) }
      decode?.(values)
      return values
    }
    parts.push({ part: createPart('cookie', cookies, 'schema/cookies', 'text', tools), valueOf, isFastifys: false })
  }
  return parts
}

function unknownIn ({ config: { schema, security = [], unknown_query: mode = 'off' } }: CompiledEndpoint, { schemas, security_schemes: schemes = {} }: ValidationOptions['config']) {
  if (mode === 'off') return undefined
  const keys = security.flatMap(Object.keys).flatMap(name => schemes[name]?.type === 'apiKey' && schemes[name].in === 'query' ? schemes[name].name ?? [] : [])
  return unknownQuery(schema?.querystring, schemas, keys)
}

/** Before the body is read: what is not taken need not be. */
function checkContentType (body: BodyJudge): Hook {
  return (request, reply, done) => {
    const { headers } = request
    if (headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0') return done()
    const rejection = body.typeRejection(headers['content-type'])
    if (rejection === undefined || !reply.objectTo(rejection)) done()
  }
}

function judge (parts: readonly Judged[], body: BodyJudge | undefined, unknown: ReturnType<typeof unknownQuery>, { config: { unknown_query: unknownMode } }: CompiledEndpoint, { rejection: { status } = {} }: ValidationOptions['config']): Hook {
  const own = parts.filter(({ isFastifys }) => !isFastifys)
  return (request, reply, done) => {
    const type = request.headers['content-type']
    const strangers = unknown === undefined ? NONE : unknown(valuesOf(request.query))
    const fits = request.validationError === undefined && strangers.length === 0 &&
      own.every(({ part, valueOf }) => part.holds(valueOf(request))) && body?.holds(request.body, type) !== false &&
      (request.bodyNotes === undefined || request.bodyNotes.violations.length === 0)
    if (fits) return done()

    const violations = parts.flatMap(({ part, valueOf }) => part.find(valueOf(request)))
    if (body !== undefined) violations.push(...request.bodyNotes?.violations ?? [], ...body.find(request.body, type))
    const told = strangers.map(strangerOf)
    const isHard = violations.length > 0 || unknownMode === 'enforce'
    const all = [...violations, ...told]
    if (all.length === 0 || !reply.objectTo(invalidRequest(all, status), isHard ? 'enforce' : 'warn')) done()
  }
}

const NONE: readonly string[] = []

const strangerOf = (name: string): Violation => ({ in: 'query', pointer: `/${name}`, rule: 'unknown', expected: 'a query parameter that the endpoint has', message: 'is not known to the endpoint' })

/** Fastify types it as unknown; it is always a plain object. */
const valuesOf = (query: unknown): Values => isObject(query) ? query : {}

/** Header names are case-insensitive (RFC 9110, section 5.1), and Node gives them in lower case. */
function lowerCased (schema: JsonSchema): JsonSchema {
  if (!isObject(schema)) return schema
  const copy = { ...schema }
  if (isObject(schema.properties)) {
    copy.properties = Object.fromEntries(Object.entries(schema.properties).map(([name, property]) => [name.toLowerCase(), property]))
  }
  if (Array.isArray(schema.required)) copy.required = schema.required.map(name => String(name).toLowerCase())
  return copy
}
