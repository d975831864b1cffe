import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Config, JsonSchema } from '../lib/config.ts'
import { MOCK_ERR_CONTENT_TYPE } from '../lib/errors.ts'
import { parameterDecoder } from '../lib/parameters.ts'
import { entryFor, requestBody, type RequestBody } from '../lib/request-body.ts'
import type { SchemaCompiler, Source, Validator } from '../lib/schema/compiler.ts'
import { isObject } from '../lib/schema/subschemas.ts'
import { readCookies } from './request-view.ts'
import { validationError } from './validation-error.ts'

export interface ValidationOptions {
  compiler: SchemaCompiler
  schemas: Config['schemas']
}

type Hook = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => void

/**
 * Validates requests against an endpoint's `schema`. Fastify does the work, with validators that compile on first use; what
 * it has no word for is added: content types that are ranges or not JSON, optional bodies, cookies.
 */
export default fp<ValidationOptions>(async (fastify, { compiler, schemas }) => {
  fastify.setValidatorCompiler<JsonSchema>(({ schema, httpPart }) =>
    compiler.validator(httpPart === 'headers' ? lowerCased(schema) : schema, httpPart === 'body' ? 'json' : 'text'))

  fastify.addHook('onRoute', route => {
    const schema = route.config?.endpoint?.config.schema
    if (schema === undefined) return
    const hooks = []
    const body = requestBody(schema.body)
    if (body !== undefined && route.config?.takesBody === true) hooks.push(checkBody(body, compiler))
    if (schema.cookies !== undefined) hooks.push(checkCookies(schema.cookies, schemas, compiler))
    if (hooks.length > 0) route.preValidation = [...[route.preValidation ?? []].flat(), ...hooks]
  })
}, { name: 'mock-validation', fastify: '5.x', dependencies: ['mock-exchange'] })

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether requests of the route's methods can carry a body that is looked at. */
    takesBody?: boolean
  }
}

function checkBody (body: RequestBody, compiler: SchemaCompiler): Hook {
  // The schema of a plain JSON body is Fastify's to check; here only its content type is, and that there is one: a schema
  // without a type would take none for an answer.
  const [first] = body.content
  const tellsMissing = isObject(first?.schema) && first.schema.type !== undefined
  const ownSchemas = body.content.length !== 1 || body.content[0]?.type !== 'application/json' || !body.required
  const validators = new Map(body.content.map(entry => [entry, entry.schema === undefined
    ? undefined
    : { json: compiler.validator(entry.schema, 'json'), text: compiler.validator(entry.schema, 'text') }]))
  return (request, _reply, done) => {
    const type = request.headers['content-type']
    if (request.body === undefined) {
      return done(body.required && (ownSchemas || !tellsMissing) ? validationError('body', [{ instancePath: '', message: 'is required' }]) : undefined)
    }
    const entry = type === undefined ? body.content[0] : entryFor(body, type)
    if (entry === undefined) return done(new MOCK_ERR_CONTENT_TYPE(type, body.content.map(({ type }) => type).join(', ')))
    const source = sourceOf(type ?? entry.type)
    const validate = ownSchemas && source !== undefined ? validators.get(entry)?.[source] : undefined
    done(validate === undefined || validate(request.body) ? undefined : validationError('body', validate.errors))
  }
}

/** Whether a body of this type is parsed to a value that a schema can speak of, and with what types. */
function sourceOf (contentType: string): Source | undefined {
  if (/^application\/([\w.+-]+\+)?json\b/i.test(contentType)) return 'json'
  return /^(application\/x-www-form-urlencoded|text\/)/i.test(contentType) ? 'text' : undefined
}

function checkCookies (schema: JsonSchema, shared: Config['schemas'], compiler: SchemaCompiler): Hook {
  const decode = parameterDecoder(schema, 'cookies', shared)
  const validate: Validator = compiler.validator(schema, 'text')
  return (request, _reply, done) => {
    const cookies = { ...readCookies(request.headers.cookie) }
    decode?.(cookies)
    done(validate(cookies) ? undefined : validationError('cookies', validate.errors))
  }
}

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
