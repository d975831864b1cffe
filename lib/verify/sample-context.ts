import type { Endpoint, JsonSchema } from '../config.ts'
import { methodsOf } from '../config/methods.ts'
import { samplePath } from '../path.ts'
import { createRandom } from '../random.ts'
import { requestBody } from '../request-body.ts'
import { sampleUrl, type Generate } from '../sample-url.ts'
import { isObject } from '../schema/subschemas.ts'
import { createStore } from '../store.ts'
import type { TemplateContext } from '../template/context.ts'

/** What templates see when an answer is rendered for nobody: a request such as the endpoint's schemas ask for. */
export function sampleContext (endpoint: Endpoint, generate: Generate): TemplateContext {
  const { schema = {}, path } = endpoint
  const url = sampleUrl(endpoint, '', generate)
  const names: string[] = []
  samplePath(path, name => {
    names.push(name)
    return '1'
  })
  const params = { ...Object.fromEntries(names.map(name => [name, '1'])), ...valuesOf(schema.params, generate) }
  const [entry] = requestBody(schema.body)?.content ?? []
  return {
    request: {
      method: methodsOf(endpoint)[0] ?? 'GET',
      url,
      path: url.split('?', 1)[0] ?? url,
      params,
      query: valuesOf(schema.querystring, generate),
      headers: {},
      cookies: {},
      body: entry?.schema === undefined ? undefined : generate(entry.schema, 'body'),
      ip: '127.0.0.1',
      host: 'localhost',
      protocol: 'http',
      id: 'verify'
    },
    random: createRandom(0),
    now: new Date(0),
    counters: createStore()
  }
}

function valuesOf (schema: JsonSchema | undefined, generate: Generate): Record<string, unknown> {
  const value = schema === undefined ? undefined : generate(schema, 'request')
  return isObject(value) ? value : {}
}
