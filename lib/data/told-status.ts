import { isObject, type ObjectSchema } from '../schema/subschemas.ts'

/** Members by which the bodies of errors repeat the status of their answer; compared without case, `_` and `-`. */
const NAMES = new Set(['status', 'statuscode', 'httpstatus', 'httpstatuscode'])

/** What a number of such a name is made to be: right in a body that tells of success. */
const MADE_UP = 200

/** An error that tells its status deeper than this tells something else. */
const DEEPEST = 3

/**
 * A made-up body of an error, telling the status that it is sent with: `{ "status": 200 }` in an answer with 500 is a lie. What an
 * example says is left alone, and so is a number that may not be another.
 *
 * @param fits whether a body is valid
 * @example
 * tellStatus({ status: 200, title: 'Gone' }, 410, () => true) // { status: 410, title: 'Gone' }
 */
export function tellStatus (body: unknown, status: number, fits: (body: unknown) => boolean): unknown {
  const told = replaced(body, status, DEEPEST)
  return told === body || fits(told) ? told : body
}

function replaced (value: unknown, status: number, depth: number): unknown {
  if (!isObject(value) || depth === 0) return value
  const changed: ObjectSchema = {}
  for (const [key, its] of Object.entries(value)) {
    const isStatus = its === MADE_UP && NAMES.has(key.toLowerCase().replace(/[_-]/g, ''))
    const told = isStatus ? status : replaced(its, status, depth - 1)
    if (told !== its) changed[key] = told
  }
  return Object.keys(changed).length === 0 ? value : { ...value, ...changed }
}
