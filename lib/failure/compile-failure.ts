import { compileAnswer, type Answer, type AnswerTools } from '../answer.ts'
import type { Failure } from '../config.ts'
import { compilePick } from '../injection/compile-pick.ts'
import type { CompiledOccurrence } from '../injection/occurrence.ts'
import { nowOf, type TemplateContext } from '../template/context.ts'
import type { Random } from '../random.ts'
import { variantsFor, type Variant } from '../variant.ts'
import { acceptable } from '../violation/own-answer.ts'

/** Which requests fail, and with what. */
export interface CompiledFailure {
  readonly occurrence: CompiledOccurrence
  pickStatus (random: Random): number
  readonly answers: FailureAnswers
}

/** What a request that fails is answered with; with the endpoint's answer that it is, if it is one. */
export type FailureAnswers = (status: number, accept: string | undefined) => { readonly answer: Answer, readonly variant?: Variant }

/** The statuses of a failure: one of them is picked for each. */
export function compileStatuses (status: Failure['status'] = 500): (random: Random) => number {
  const pick = compilePick<number>(status)
  return random => Number(pick(random))
}

/**
 * Compiles the answers of failures: the body that is configured, else the endpoint's own answer of that status, else a problem document
 * (RFC 9457).
 *
 * @param own the endpoint's answers, asked for when a request fails
 */
export function compileFailureAnswers (failure: Failure, own: () => readonly Variant[], tools: AnswerTools): FailureAnswers {
  const bodyTools: AnswerTools = { ...tools, at: (key, compile) => tools.at(key.replace(/^response/, 'body'), compile) }
  const known = new Map<number, readonly Variant[]>()
  const made = new Map<number, Answer>()

  const make = (status: number): Answer => {
    const config = { status, headers: failure.headers ?? {} }
    if (failure.body !== undefined) return withRetryAfter(compileAnswer({ ...config, response: failure.body }, bodyTools), failure)
    const response = { type: 'about:blank', title: 'Injected failure', status, detail: 'The mock server failed this request on purpose.' }
    return withRetryAfter(compileAnswer({ ...config, content_type: 'application/problem+json', response }, tools), failure)
  }
  const madeFor = (status: number): Answer => {
    const answer = made.get(status) ?? make(status)
    made.set(status, answer)
    return answer
  }
  const ownFor = (status: number): readonly Variant[] => {
    let found = known.get(status)
    if (found === undefined) {
      const answer = madeFor(status)
      found = failure.body !== undefined || status < 400 ? [] : variantsFor(own(), status).map(variant => dressed(variant, answer))
      known.set(status, found)
    }
    return found
  }
  // Now, so that what is wrong with them is told now.
  for (const status of statusesOf(failure.status)) madeFor(status)

  return (status, accept) => {
    const variant = acceptable(ownFor(status), accept)
    return variant === undefined ? { answer: madeFor(status) } : { answer: variant.answer, variant }
  }
}

function statusesOf (status: Failure['status'] = 500): number[] {
  return typeof status === 'object' && !Array.isArray(status) ? Object.keys(status).map(Number) : [status].flat()
}

/** The endpoint's own answer, with the headers that are configured for failures. */
function dressed (variant: Variant, { headers, templatedHeaders = [] }: Answer): Variant {
  const { 'content-type': _type, ...others } = headers
  const { answer } = variant
  return { ...variant, answer: { ...answer, headers: { ...answer.headers, ...others }, templatedHeaders: [...answer.templatedHeaders ?? [], ...templatedHeaders] } }
}

/** RFC 9110, section 10.2.3. */
function withRetryAfter (answer: Answer, { retry_after: after }: Failure): Answer {
  if (after === undefined) return answer
  const { seconds, as = 'seconds' } = typeof after === 'number' ? { seconds: after } : after
  if (as === 'seconds') return { ...answer, headers: { ...answer.headers, 'retry-after': String(seconds) } }
  const date = ['retry-after', (context: TemplateContext) => new Date(nowOf(context).getTime() + seconds * 1000).toUTCString()] as const
  return { ...answer, templatedHeaders: [...answer.templatedHeaders ?? [], date] }
}
