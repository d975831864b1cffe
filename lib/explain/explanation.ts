import type { Verdict } from '../condition/verdict.ts'
import type { Injected } from '../injection/injected.ts'
import type { Violation } from '../violation/violation.ts'
import type { Failure, StageName } from './stage.ts'

/** An endpoint that came near. */
export interface Candidate {
  endpoint: ToldEndpoint
  /** How near: 1 is a perfect fit. */
  score: number
  passed: StageName[]
  failed: Failure[]
  /** Its answers that ask for something, the nearest first, a few at most; absent where none does. */
  responses?: ResponseReport[]
}

/** An endpoint as it is told to people. */
export interface ToldEndpoint {
  id: string
  methods: readonly string[]
  path: string
  origin?: string
  /** Id of the overlay that put it in front of the configuration: `mock.use`, mock control. */
  overlay?: string
}

/** One of an endpoint's answers, and what it asks for. */
export interface ResponseReport {
  /** Its place among the endpoint's answers, from 1. */
  number: number
  name?: string
  status: number
  /** Whether it may be given to this request. */
  fits: boolean
  /** How far off: 0 fits, 1 is nothing like it. */
  distance: number
  /** Every demand: of `when`, and of state. */
  verdicts: readonly Verdict[]
}

export interface AnsweredOutcome {
  kind: 'answered'
  status: number
  endpoint: ToldEndpoint
  /** Which of its answers. */
  response: { number: number, name?: string }
  /** Who has switched it on, whatever its conditions say. */
  switched?: { by: 'use' | 'situation', situation?: string }
  /** What is done to it on purpose. */
  injected?: Injected
}

/** What becomes of a request that is only asked about. */
export type Outcome =
  | AnsweredOutcome
  /** At `stage`, with its own answer for it or a problem document. */
  | { kind: 'rejected', status: number, endpoint: ToldEndpoint, stage: string, violations: readonly Violation[] }
  | { kind: 'unmatched', status: number }

/** Why a request is answered as it is, or not at all. */
export interface Explanation {
  /** One line: the mistake, or what answers. */
  summary: string
  /** What becomes of it; absent where that was not asked. */
  outcome?: Outcome
  /** The nearest first, three at most. */
  candidates: Candidate[]
  /** The remedy, one line; empty where there is nothing to mend. */
  hint: string
  /** The scope that it belongs to; absent where it names none. */
  scope?: string
  /** In what it may differ from what was, for a request out of the log. */
  notes?: string[]
  /** Methods that are served under exactly this path: what a 405 says in `Allow`. */
  allow: string[]
}
