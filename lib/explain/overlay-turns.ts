import type { Subject } from '../condition/subject.ts'
import type { Verdict } from '../condition/verdict.ts'
import type { ExplainableEndpoint } from '../explain.ts'
import type { Turns } from '../scope/turns.ts'
import type { Store } from '../store.ts'

/** An overlay's endpoint as requests of one scope meet it: whether it may answer once more is one thing that each of its answers asks. */
export function withTurns (endpoint: ExplainableEndpoint, turns: Turns, store: Store): ExplainableEndpoint {
  const { times } = turns
  if (times === undefined) return endpoint
  const { responses = [{ number: 1, status: 200, judge: () => [] }] } = endpoint
  return {
    ...endpoint,
    responses: responses.map(response => ({ ...response, judge: (subject: Subject) => [turnVerdict(turns, times, store), ...response.judge(subject)] }))
  }
}

function turnVerdict (turns: Turns, times: number, store: Store): Verdict {
  const holds = turns.has(store)
  const taken = turns.taken(store)
  return {
    holds,
    part: 'overlay',
    at: 'times',
    operator: 'less',
    expected: `fewer than ${times}`,
    actual: String(taken),
    message: holds ? '' : `the overlay is used up: it has answered ${taken} of ${times} requests`,
    distance: holds ? 0 : 0.5
  }
}
