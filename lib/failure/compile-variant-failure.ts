import type { AnswerTools } from '../answer.ts'
import { type Endpoint, type Response } from '../config.ts'
import { compileOccurrence } from '../injection/occurrence.ts'
import { counterKey } from '../injection/counter-key.ts'
import type { Variant } from '../variant.ts'
import { compileFailureAnswers, compileStatuses, type CompiledFailure } from './compile-failure.ts'
import { failureOptions } from './failure-options.ts'

/**
 * Compiles how one answer of an endpoint fails; undefined where it does not.
 *
 * @param place the answer's, among the endpoint's
 * @param own all answers of the endpoint, asked for when a request fails
 */
export function compileFailure (answer: Response, endpoint: Endpoint & { id: string }, place: number, tools: AnswerTools, own: () => readonly Variant[]): CompiledFailure | undefined {
  const options = failureOptions(answer, endpoint)
  if (options === undefined) return undefined
  const { failure, occurrence, isOwn } = options
  const compiled = tools.at('when', () => compileOccurrence(occurrence, { key: counterKey('failure', isOwn ? place : undefined), kind: 'failure' }, tools))
  if (compiled === undefined) return undefined
  return { occurrence: compiled, pickStatus: compileStatuses(failure.status), answers: compileFailureAnswers(failure, own, tools) }
}
