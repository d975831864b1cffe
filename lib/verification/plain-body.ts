import { OPERATOR_NAMES } from '../config-keys/condition.ts'
import { nearest } from '../config/nearest.ts'
import { MOCK_ERR_REQUEST_PATTERN } from '../errors.ts'
import { isObject } from '../schema/subschemas.ts'

/** Shorter names are near to anything. */
const WORTH_COMPARING = 5

/**
 * A body as tests write it, `{ sku: 'A1' }`, stands for one that has at least these members. It is told from operators by any member
 * that is none: what consists of operators alone, or of JSON pointers, is what it is in `when`.
 *
 * @param at place of the body, for the message about a misspelt operator
 * @example
 * plainBody({ sku: 'A1' }, 'body') // { contains: { sku: 'A1' } }
 */
export function plainBody (body: unknown, at: string): unknown {
  if (!isObject(body)) return body
  const keys = Object.keys(body)
  const members = keys.filter(key => !key.startsWith('/') && !OPERATOR_NAMES.includes(key))
  const [first] = members
  if (first === undefined) return body
  if (keys.length === 1 && first.length >= WORTH_COMPARING) {
    const meant = nearest(first, OPERATOR_NAMES)
    if (meant !== undefined && Math.abs(meant.length - first.length) <= 1) {
      throw new MOCK_ERR_REQUEST_PATTERN(`${at}: unknown operator '${first}', did you mean '${meant}'? A member of that name is written { '/${first}': … }`)
    }
  }
  return { contains: body }
}
