import type { Response } from '../config.ts'
import { FAULT_KINDS, FAULT_SYNONYMS } from '../config-keys/fault.ts'
import type { Occurrence } from '../config-keys/injection.ts'
import { faultNamed, namesOf } from '../fault/fault-names.ts'
import { child } from '../json-pointer.ts'
import { quote } from './describe.ts'
import { headerRules } from './message-rules.ts'
import { nearest } from './nearest.ts'
import type { Finding } from './report.ts'

/** What a schema cannot say about `failure` and `fault`. */
export function * injectionRules ({ failure, fault, failure_rate: rate }: Pick<Response, 'failure' | 'failure_rate' | 'fault'>, pointer: string): Generator<Finding> {
  if (failure !== undefined && failure !== false) {
    const at = child(pointer, 'failure')
    if (failure.headers !== undefined) yield * headerRules(failure.headers, child(at, 'headers'))
    if (rate !== undefined && rate > 0 && failure.rate !== undefined && failure.rate !== rate) {
      yield { severity: 'warning', code: 'no-effect', message: "'failure_rate' has no effect beside 'failure.rate'", hint: 'keep one of them', pointer: child(pointer, 'failure_rate'), target: 'key' }
    }
    yield * weightRules(failure.status, child(at, 'status'))
    yield * occurrenceRules(failure, at)
  }
  if (typeof fault === 'object') {
    const at = child(pointer, 'fault')
    yield * weightRules(fault.kind, child(at, 'kind'))
    if (typeof fault.kind === 'object' && !Array.isArray(fault.kind)) yield * kindRules(namesOf(fault.kind), child(at, 'kind'))
    yield * occurrenceRules(fault, at)
  }
}

function * kindRules (names: readonly string[], pointer: string): Generator<Finding> {
  const known = [...FAULT_KINDS, ...Object.keys(FAULT_SYNONYMS)]
  for (const name of names) {
    if (faultNamed(name) !== undefined) continue
    const near = nearest(name, known)
    yield { code: 'unknown-fault', message: `there is no fault called ${quote(name)}`, hint: near === undefined ? `there are ${known.join(', ')}` : `did you mean '${near}'?`, pointer: child(pointer, name), target: 'key' }
  }
}

function * weightRules (weights: unknown, pointer: string): Generator<Finding> {
  if (typeof weights !== 'object' || weights === null || Array.isArray(weights)) return
  if (Object.values(weights).every(weight => weight === 0)) yield { code: 'never-chosen', message: 'all weights are 0, so that there is nothing to choose', hint: 'give one of them a weight above 0', pointer }
}

function * occurrenceRules ({ burst, schedule = [], first, every }: Occurrence, pointer: string): Generator<Finding> {
  if (burst !== undefined && 'of' in burst && burst.of > burst.every) {
    yield { code: 'bad-range', message: `'of' (${burst.of}) is more than 'every' (${burst.every})`, pointer: `${pointer}/burst/of` }
  }
  if (first !== undefined && every !== undefined && every > first) {
    yield { severity: 'warning', code: 'never-chosen', message: `of the first ${first} requests, none is a multiple of ${every}: nothing is ever struck`, pointer: child(pointer, 'every') }
  }
  for (const [index, window] of [schedule].flat().entries()) {
    const at = Array.isArray(schedule) ? `${pointer}/schedule/${index}` : `${pointer}/schedule`
    for (const key of ['from', 'until'] as const) {
      const text = window[key]
      if (text !== undefined && Number.isNaN(Date.parse(text))) yield { code: 'bad-date', message: `${quote(text)} is not a date that there is`, hint: 'write it as 2027-01-31T08:00:00Z', pointer: child(at, key) }
    }
    const { from, until, for_ms: open, every_ms: again } = window
    if (from !== undefined && until !== undefined && Date.parse(from) >= Date.parse(until)) yield { code: 'bad-range', message: `'from' (${from}) is not before 'until' (${until})`, pointer: child(at, 'from') }
    if (again !== undefined && (open === undefined || open >= again)) {
      yield { severity: 'warning', code: 'no-effect', message: "'every_ms' has no effect: the window is still open when it opens again", hint: "give 'for_ms' a smaller value", pointer: child(at, 'every_ms'), target: 'key' }
    }
  }
}
