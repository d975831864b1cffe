import type { StateView } from '../condition/subject.ts'
import type { RequestView } from '../request-view.ts'
import type { AskedPath } from './asked-path.ts'
import type { ResponseReport } from './explanation.ts'
import type { Target } from './path-index.ts'

/** What a request has to pass, in this order. */
export type StageName = 'path' | 'method' | 'query' | 'headers' | 'enabled' | 'when'

/** One reason why an endpoint did not answer. */
export interface Failure {
  stage: StageName
  /** The place in the request: `segment 2`, counted from 1. */
  at?: string
  expected: string
  actual: string
  /** What is wrong, in words that stand alone: `segment 1 is 'user', expected 'users'`. */
  message: string
  /** What to do about it, in words that go on from "you could": `send the header x-tenant: acme`. */
  remedy?: string
}

/** A failure as it is weighed. */
export interface Finding extends Failure {
  cost: number
  /** Whether it looks like a slip, so that asking "did you mean" makes sense. */
  isSlip: boolean
}

export interface Asked {
  method: string
  path: AskedPath
  request: AskedRequest
  state: StateView | undefined
  /** Id of the endpoint that the request has come to, so that its path parameters are known. */
  ledTo: string | undefined
  /** What was found of an endpoint's answers, under one of its patterns. */
  reports: Map<Target, ResponseReport[]>
  /** How many more answers may be looked at. */
  budget: number
}

/** What is known of a request; of one that nothing was routed to, the path parameters are not. */
export type AskedRequest = Pick<RequestView, 'method' | 'path'> & Partial<RequestView>

/** One thing that is checked; every stage is asked about every endpoint near enough, so that all its reasons are told at once. */
export interface Stage {
  name: StageName
  check (target: Target, asked: Asked): Finding[]
}

/** Quoted, and no longer than a line can bear. */
export const quote = (text: string): string => `'${text.length > 80 ? `${text.slice(0, 79)}…` : text}'`
