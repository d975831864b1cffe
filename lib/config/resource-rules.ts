import type { Endpoint } from '../config.ts'
import { child } from '../json-pointer.ts'
import { resourceOptions } from '../resource/address.ts'
import type { Finding } from './report.ts'

/** What a resource answers by itself, and would be overlooked beside it. */
const ANSWERED = ['response', 'text', 'file', 'base64', 'response_schema', 'generate', 'status', 'content_type', 'for_request'] as const

/** What a schema cannot say about an endpoint that is a resource. */
export function * resourceRules (endpoint: Endpoint, pointer: string): Generator<Finding> {
  const options = resourceOptions(endpoint)
  if (options === undefined) return
  for (const [key, value] of Object.entries(endpoint)) {
    if (value === undefined || !ANSWERED.some(one => one === key)) continue
    yield {
      code: 'bad-resource',
      message: `'${key}' stands beside 'resource', which makes its answers of the rows`,
      hint: "further answers go into 'responses'; an endpoint of the same method and path comes before the resource's",
      pointer: child(pointer, key),
      target: 'key'
    }
  }
  if (endpoint.method !== undefined) {
    yield { code: 'bad-resource', message: "'method' stands beside 'resource', which has several", hint: "write 'methods' in the resource", pointer: child(pointer, 'method'), target: 'key' }
  }
  if (endpoint.path.includes('*') || endpoint.path.endsWith('?')) {
    yield { code: 'bad-resource', message: 'the path of a resource goes on with the id of a row, so it ends with a plain word', pointer: child(pointer, 'path') }
  }
  if (endpoint.schema?.body !== undefined) {
    yield { code: 'bad-resource', message: "'schema.body' stands beside 'resource', whose rows have a schema of their own", hint: "write it as 'schema' of the collection", pointer: `${pointer}/schema/body`, target: 'key' }
  }
  if (options.singular === true && (options.bulk === true || options.has_many !== undefined)) {
    const key = options.bulk === true ? 'bulk' : 'has_many'
    yield { code: 'bad-resource', message: `'${key}' is about many rows, and this resource is a single one`, pointer: `${pointer}/resource/${key}`, target: 'key' }
  }
}
