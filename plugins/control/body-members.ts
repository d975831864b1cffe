import { MOCK_ERR_CONTROL_BODY } from '../../lib/errors.ts'
import { isObject } from '../../lib/schema/subschemas.ts'

/**
 * The one member of a body that has nothing else. Bodies of mock control are not checked by their schemas.
 *
 * @param what what it is, for those who left it out
 * @throws MOCK_ERR_CONTROL_BODY
 */
export function memberOf (body: unknown, key: string, what: string): unknown {
  const wanted = `Send a JSON object as the body: {"${key}": …}, ${what}`
  if (!isObject(body) || !Object.hasOwn(body, key)) throw new MOCK_ERR_CONTROL_BODY(wanted)
  const other = Object.keys(body).find(name => name !== key)
  if (other !== undefined) throw new MOCK_ERR_CONTROL_BODY(`There is no key '${other}' here. ${wanted}`)
  return body[key]
}

/** The same for a member that is a text. */
export function textOf (body: unknown, key: string): string {
  const value = memberOf(body, key, 'a text')
  if (typeof value !== 'string') throw new MOCK_ERR_CONTROL_BODY(`'${key}' has to be a text`)
  return value
}

/**
 * The members of a body that may have some keys and no others, or be left out.
 *
 * @throws MOCK_ERR_CONTROL_BODY
 */
export function optionsIn (body: unknown, keys: readonly string[]): Readonly<Record<string, unknown>> {
  if (body === undefined || body === null) return {}
  const wanted = `The body is a JSON object with ${keys.map(key => `'${key}'`).join(', ')}`
  if (!isObject(body)) throw new MOCK_ERR_CONTROL_BODY(wanted)
  const other = Object.keys(body).find(name => !keys.includes(name))
  if (other !== undefined) throw new MOCK_ERR_CONTROL_BODY(`There is no key '${other}' here. ${wanted}`)
  return body
}

/** One of them that is a number, if it is there. */
export function numberIn (options: Readonly<Record<string, unknown>>, key: string, least: number): number | undefined {
  const value = options[key]
  if (value === undefined) return undefined
  if (typeof value !== 'number' || !(value >= least)) throw new MOCK_ERR_CONTROL_BODY(`'${key}' has to be a number of ${least} or more`)
  return value
}
