import type { JSONPathQuery } from 'json-p3'
import { compileJsonPath } from '../../json-path.ts'
import { messageOf } from '../../message-of.ts'
import { HelperFault } from '../error.ts'
import type { HelperDefinition } from '../helper.ts'
import { text } from './argument.ts'

const queries = new Map<string, JSONPathQuery>()

function queryOf (path: string): JSONPathQuery {
  let query = queries.get(path)
  if (query === undefined) {
    try {
      query = compileJsonPath(path)
    } catch (error) {
      throw new HelperFault(`JSONPath '${path}': ${messageOf(error)}`)
    }
    if (queries.size >= 500) queries.clear()
    queries.set(path, query)
  }
  return query
}

/** What a path finds: the value where it can lead to one place only, else the list of all that it finds. */
export function queryJson (value: unknown, path: string): unknown {
  const query = queryOf(path)
  if (typeof value !== 'object' || value === null) return undefined
  // The seam: whatever a template holds is read as JSON; only own properties are.
  const found = query.query(value as Parameters<JSONPathQuery['query']>[0]).values()
  return query.singularQuery() ? found[0] : found
}

function parsed (source: string): unknown {
  try {
    return JSON.parse(source)
  } catch {
    return undefined
  }
}

/** `jsonPath value '$.a[0].b' default`; text is read as JSON first. */
export const jsonPath: HelperDefinition = {
  check: ([, path]) => { if (path !== undefined) queryOf(text(path.value)) },
  run: ([value, path, byDefault], hash) => queryJson(typeof value === 'string' ? parsed(value) : value, text(path)) ?? byDefault ?? hash.default
}
