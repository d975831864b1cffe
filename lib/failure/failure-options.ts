import type { Failure, Response } from '../config.ts'
import type { Occurrence } from '../config-keys/injection.ts'

/** What an answer's failures are made of. */
export interface FailureOptions {
  readonly failure: Failure
  /** Which requests fail. */
  readonly occurrence: Occurrence
  /** Whether it stands on the answer itself, and not on its endpoint. */
  readonly isOwn: boolean
}

type Failing = Pick<Response, 'failure' | 'failure_rate'>

/** Any of these makes a failure happen; `failure` without them only says what failures look like. */
const DECIDING = ['rate', 'every', 'first', 'skip', 'times', 'burst', 'schedule', 'when'] as const

/** How an answer fails; undefined where it does not. What stands on the answer comes before what stands on its endpoint. */
export function failureOptions (answer: Failing, endpoint: Failing): FailureOptions | undefined {
  const failure = answer.failure ?? endpoint.failure ?? {}
  const rate = answer.failure_rate ?? endpoint.failure_rate
  if (failure === false || rate === 0) return undefined
  if (rate === undefined && DECIDING.every(key => failure[key] === undefined)) return undefined
  const common = failure.rate ?? rate
  const isOwn = answer !== endpoint && (answer.failure !== undefined || answer.failure_rate !== undefined)
  return { failure, occurrence: common === undefined ? failure : { ...failure, rate: common }, isOwn }
}
