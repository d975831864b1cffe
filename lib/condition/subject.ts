import type { Collections } from '../collection/collection.ts'
import type { Clock } from '../clock.ts'
import type { RequestView } from '../request-view.ts'
import type { Choices } from '../state/choices.ts'
import type { Scenarios } from '../state/scenarios.ts'
import type { Variables } from '../state/variables.ts'

/** What is remembered between requests, as conditions and templates see it: that of the request's scope. */
export interface StateView {
  readonly scenarios: Pick<Scenarios, 'state'>
  readonly variables: Pick<Variables, 'get' | 'has'>
  readonly collections: Pick<Collections, 'get'>
  /** What time it is. Default: the machine's. */
  readonly clock?: Pick<Clock, 'now'>
  /** Where the choices among answers have got to, for those who explain one. */
  readonly choices?: Pick<Choices, 'peek'>
}

/**
 * What a condition is asked about: a live request, one that is only asked about (`explain`), or one out of the log (`verify`), of which
 * neither number nor state is known any more.
 */
export interface Subject {
  readonly request: RequestView
  /** Which request to its endpoint it is, from 1. */
  readonly count?: number
  readonly state?: StateView
}
