import { MOCK_ERR_RATE_LIMITED } from '../errors.ts'
import type { Rejection } from '../violation/rejection.ts'
import type { Reading } from './reading.ts'

/** The largest unit that goes into it: `1 h`, `90 s`. */
function windowText (milliseconds: number): string {
  const [unit, size] = UNITS.find(([, size]) => milliseconds % size === 0) ?? ['ms', 1]
  return `${milliseconds / size} ${unit}`
}

const UNITS = [['d', 86_400_000], ['h', 3_600_000], ['min', 60_000], ['s', 1_000], ['ms', 1]] as const

/** The problem type of the IETF's draft (draft-ietf-httpapi-ratelimit-headers-11, section 5.1). */
const QUOTA_EXCEEDED = 'https://iana.org/assignments/http-problem-types#quota-exceeded'

/**
 * Why a request is not served that is beyond its limits.
 *
 * @param exceeded the policies that do not allow it
 * @param wait how long until it would be served, in milliseconds; undefined where nobody knows
 */
export function rateLimitRejection (exceeded: readonly Reading[], wait: number | undefined, status: number): Rejection {
  const told = exceeded.map(describe).join('; ')
  const { code, message } = new MOCK_ERR_RATE_LIMITED(wait === undefined ? `${told}.` : `${told}; try again in ${Math.ceil(wait / 1000)} s.`)
  return {
    kind: 'rate-limit',
    status,
    code,
    type: QUOTA_EXCEEDED,
    title: 'Too many requests',
    detail: message,
    members: { 'violated-policies': exceeded.map(({ policy: { name } }) => name) },
    violations: []
  }
}

function describe ({ policy: { name, algorithm, limit, window } }: Reading): string {
  return algorithm === 'concurrency'
    ? `the limit '${name}' allows ${limit} requests at a time`
    : `the limit '${name}' allows ${limit} in ${windowText(window)}`
}
