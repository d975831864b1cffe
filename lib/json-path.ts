import type { JSONPathEnvironment, JSONPathQuery } from 'json-p3'
import { createRequire } from 'node:module'
import { patternOf } from './template/helpers/pattern.ts'

// The seam: loaded when the first path is compiled.
const load = createRequire(import.meta.url)
let environment: JSONPathEnvironment | undefined

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

/**
 * Compiles a JSONPath. Throws an Error that says what is wrong with it.
 *
 * @example
 * compileJsonPath('$.paths.*.get').query(document).values()
 */
export const compileJsonPath = (path: string): JSONPathQuery => (environment ??= open()).compile(path)
