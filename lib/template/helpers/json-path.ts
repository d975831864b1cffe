import { createRequire } from 'node:module'
import type { JSONPathEnvironment, JSONPathQuery } from 'json-p3'
import { HelperFault } from '../error.ts'
import type { HelperDefinition } from '../helper.ts'
import { text } from './argument.ts'
import { patternOf } from './pattern.ts'

// The seam: loaded when the first template asks for it.
const load = createRequire(import.meta.url)
let environment: JSONPathEnvironment | undefined
const queries = new Map<string, JSONPathQuery>()

/** JSONPath (RFC 9535), with regular expressions that take linear time. */
function open (): JSONPathEnvironment {
  const { JSONPathEnvironment: Environment } = load('json-p3') as typeof import('json-p3')
  const opened = new Environment()
  for (const name of ['match', 'search']) {
    const standard = opened.functionRegister.get(name)
    if (standard === undefined) continue
    const { argTypes, returnType } = standard
    opened.functionRegister.set(name, { argTypes, returnType, call: (value, pattern) => test(value, pattern, name === 'match') })
  }
  return opened
}

function test (value: unknown, pattern: unknown, whole: boolean): boolean {
  if (typeof value !== 'string' || typeof pattern !== 'string') return false
  try {
    return whole ? patternOf(pattern).matches(value) : patternOf(pattern).matcher(value).find()
  } catch {
    // RFC 9535, section 2.4.6: what is no pattern matches nothing.
    return false
  }
}

function queryOf (path: string): JSONPathQuery {
  let query = queries.get(path)
  if (query === undefined) {
    try {
      query = (environment ??= open()).compile(path)
    } catch (error) {
      throw new HelperFault(`JSONPath '${path}': ${error instanceof Error ? error.message : String(error)}`)
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
