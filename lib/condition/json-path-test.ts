import type { JSONPathQuery } from 'json-p3'
import { compileJsonPath } from '../json-path.ts'
import { messageOf } from '../message-of.ts'
import { ConditionError } from './condition-error.ts'
import { show } from './show.ts'
import type { Setting, ValueTest } from './value-test.ts'

/**
 * A test of what a JSONPath finds: of the value where it can lead to one place only, else of all that it finds, of which one has to
 * fit. Throws a ConditionError for what is no path.
 *
 * @see RFC 9535; section 2.3.5.1 on singular queries
 */
export function jsonPathTest (path: string, { pointer }: Setting, compileInner: (values: Setting['values']) => ValueTest): ValueTest {
  const query = compile(path, pointer)
  const isSingular = query.singularQuery()
  const inner = compileInner(isSingular ? 'one' : 'several')
  const find = (value: unknown): unknown => {
    const found = valuesAt(query, value)
    return isSingular ? found[0] : found
  }
  return {
    cost: inner.cost + (isSingular ? 10 : 50),
    holds: (value, subject) => inner.holds(find(value), subject),
    judge: (value, subject, where) => inner.judge(find(value), subject, { ...where, at: where.at === '' ? path : `${where.at} ${path}`, label: `${where.label} ${path}` })
  }
}

function compile (path: string, pointer: string): JSONPathQuery {
  try {
    return compileJsonPath(path)
  } catch (error) {
    throw new ConditionError(pointer, `${show(path)} is no JSONPath: ${messageOf(error)}`, path.startsWith('$') ? undefined : 'a path starts with $, the whole value')
  }
}

function valuesAt (query: JSONPathQuery, value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return []
  try {
    // The seam: what was parsed is read as JSON; only own properties are.
    return query.query(value as Parameters<JSONPathQuery['query']>[0]).values()
  } catch {
    // A function that its arguments do not suit finds nothing.
    return []
  }
}
