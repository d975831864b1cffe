import type { Config, Endpoint, JsonSchema } from '../lib/config.ts'
import { createGenerator, type Generator } from '../lib/generate/generator.ts'
import { importDocument } from '../lib/openapi/import.ts'
import { loadDocument } from '../lib/openapi/load.ts'
import { samplePath } from '../lib/path.ts'
import { createRandom, seedOf } from '../lib/random.ts'
import { addressed } from '../lib/resource/address.ts'
import type { LoadRequest } from './load.ts'

/** One request for each operation of a document, made so that its validation lets it pass. */
export async function operationRequests (file: string): Promise<LoadRequest[]> {
  const { document } = await loadDocument({ file })
  const { config } = importDocument(document, { file })
  const generator = createGenerator({ schemas: config.schemas ?? {}, mode: 'request' })
  return (config.endpoints ?? []).map(addressed).map(endpoint => requestFor(endpoint, generator, credentialsFor(endpoint, config)))
}

/** What the first of the alternatives asks for: the mock looks at the form of credentials alone. */
function credentialsFor ({ security: [wanted = {}] = [] }: Endpoint, { security_schemes: schemes = {} }: Config): Credentials {
  const credentials: Credentials = { headers: {}, query: {}, cookies: [] }
  for (const name of Object.keys(wanted)) {
    const scheme = schemes[name]
    if (scheme?.type !== 'apiKey') credentials.headers.authorization = scheme?.scheme?.toLowerCase() === 'basic' ? 'Basic dTpw' : `${scheme?.scheme ?? 'Bearer'} token`
    else if (scheme.in === 'query') credentials.query[scheme.name ?? ''] = 'key'
    else if (scheme.in === 'cookie') credentials.cookies.push(`${scheme.name}=key`)
    else credentials.headers[String(scheme.name).toLowerCase()] = 'key'
  }
  return credentials
}

interface Credentials {
  headers: Record<string, string>
  query: Record<string, string>
  cookies: string[]
}

function requestFor (endpoint: Endpoint, generator: Generator, credentials: Credentials): LoadRequest {
  const { schema = {}, path, base_paths: [base = ''] = [''] } = endpoint
  const make = (schema: JsonSchema): unknown => generator.generate(schema, createRandom(seedOf(path, String(endpoint.method)))).value
  const values = (schema: JsonSchema | undefined): Record<string, unknown> => schema === undefined ? {} : asRecord(make(requiredOnly(schema)))

  const params = schema.params === undefined ? {} : asRecord(make(schema.params))
  const query = { ...values(schema.querystring), ...credentials.query }
  const headers = Object.fromEntries(Object.entries(values(schema.headers)).map(([name, value]) => [name.toLowerCase(), textOf(value)]))
  const cookies = [...Object.entries(values(schema.cookies)).map(([name, value]) => `${name}=${encodeURIComponent(textOf(value))}`), ...credentials.cookies]
  const search = queryOf(query)
  return {
    method: [endpoint.method ?? 'GET'].flat()[0] ?? 'GET',
    path: base + samplePath(path, name => textOf(params[name] ?? 'x')) + (search === '' ? '' : `?${search}`),
    headers: { ...headers, ...credentials.headers, ...(cookies.length === 0 ? {} : { cookie: cookies.join('; ') }), ...(schema.body === undefined ? {} : { 'content-type': contentType(schema.body) }) },
    ...(schema.body === undefined ? {} : { body: bodyOf(schema.body, make) })
  }
}

/** Optional parameters are left away. */
function requiredOnly (schema: JsonSchema): JsonSchema {
  if (typeof schema === 'boolean') return schema
  const { properties, required } = asRecord(schema)
  const names = Array.isArray(required) ? required : []
  return { ...schema, properties: Object.fromEntries(Object.entries(asRecord(properties)).filter(([name]) => names.includes(name))) }
}

function contentOf (body: JsonSchema): [type: string, schema: JsonSchema | undefined] {
  const { content } = asRecord(body)
  if (content === undefined) return ['application/json', body]
  const entries = Object.entries(asRecord(content))
  const [type, entry] = entries.find(([type]) => type.includes('json')) ?? entries[0] ?? ['application/json', {}]
  const { schema } = asRecord(entry)
  return [type.replace('*/*', 'application/octet-stream').replace('/*', '/plain'), typeof schema === 'boolean' ? schema : asRecord(schema)]
}

const contentType = (body: JsonSchema): string => contentOf(body)[0]

function bodyOf (body: JsonSchema, make: (schema: JsonSchema) => unknown): string {
  const [type, schema] = contentOf(body)
  const value = schema === undefined ? {} : make(schema)
  if (type.includes('form-urlencoded')) return formOf(asRecord(value))
  return type.includes('json') ? JSON.stringify(value) : textOf(value)
}

/** A form, with what is nested written in brackets: `address[city]=Berlin&tags[0]=new`. */
function formOf (values: Record<string, unknown>): string {
  const pairs = (name: string, value: unknown): Array<[string, string]> =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, inner]) => pairs(`${name}[${key}]`, inner))
      : [[name, textOf(value)]]
  return new URLSearchParams(Object.entries(values).flatMap(([name, value]) => pairs(name, value))).toString()
}

const queryOf = (values: Record<string, unknown>): string =>
  new URLSearchParams(Object.entries(values).flatMap(([name, value]) => [value].flat().map((item): [string, string] => [name, textOf(item)]))).toString()

const textOf = (value: unknown): string => typeof value === 'object' ? JSON.stringify(value) : String(value)

const asRecord = (value: unknown): Record<string, unknown> => typeof value === 'object' && value !== null ? { ...value } : {}
