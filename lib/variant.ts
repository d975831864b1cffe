import { withStatus, type Answer } from './answer.ts'
import type { Response } from './config.ts'
import type { LatencySampler } from './latency.ts'
import type { RequestView } from './request-view.ts'
import type { CompiledWebhook } from './webhook/compile-webhook.ts'

/** One answer of an endpoint, and how it comes. */
export interface Variant {
  readonly name?: string
  /** The range of statuses that it stands for besides its own. */
  readonly standsFor?: NonNullable<Response['stands_for']>
  /** Whether it is the example for a request. */
  readonly isFor?: (request: RequestView) => boolean
  readonly answer: Answer
  readonly latency?: LatencySampler
  readonly failure?: { readonly rate: number, readonly answers: readonly Answer[] }
  /** What is sent after it, instead of what the endpoint has sent. */
  readonly callbacks?: readonly CompiledWebhook[]
}

/**
 * The answers that an endpoint has for a status: those of that very status, else those that stand for its range, else those for all
 * others; the latter two as they are sent, with the status itself. Empty when there is none.
 *
 * @example
 * variantsFor([{ answer: { status: 400 }, standsFor: '4XX' }], 418)[0].answer.status // 418
 */
export function variantsFor (variants: readonly Variant[], status: number): Variant[] {
  const exact = variants.filter(variant => variant.answer.status === status && variant.standsFor === undefined)
  if (exact.length > 0) return exact
  const range = `${Math.floor(status / 100)}XX`
  const inRange = variants.filter(({ standsFor }) => standsFor === range)
  const found = inRange.length > 0 ? inRange : variants.filter(({ standsFor }) => standsFor === 'default')
  return found.map(variant => variant.answer.status === status ? variant : { ...variant, answer: withStatus(variant.answer, status) })
}

/** The content type that an answer is sent with; undefined where it has no body, or a file tells it. */
export const typeOf = ({ answer }: Variant): string | undefined => answer.headers['content-type']?.toString()
