import { withStatus, type Answer } from './answer.ts'
import type { CompiledCache } from './cache/compile-cache.ts'
import type { Condition } from './condition/verdict.ts'
import type { Response } from './config.ts'
import type { CompiledFailure } from './failure/compile-failure.ts'
import type { CompiledFault } from './fault/compile-fault.ts'
import type { LatencySampler } from './latency.ts'
import type { RequestView } from './request-view.ts'
import type { Gate } from './state/scenarios.ts'
import type { TemplateContext } from './template/context.ts'
import type { CompiledWebhook } from './webhook/compile-webhook.ts'

/** One answer of an endpoint, and how it comes. */
export interface Variant {
  readonly name?: string
  /** The range of statuses that it stands for besides its own. */
  readonly standsFor?: NonNullable<Response['stands_for']>
  /** Whether it is the example for a request. */
  readonly isFor?: (request: RequestView) => boolean
  /** Which requests it is for. */
  readonly when?: Condition
  readonly answer: Answer
  readonly latency?: LatencySampler
  readonly failure?: CompiledFailure
  /** What goes wrong on its connection. */
  readonly fault?: CompiledFault
  /** What it tells caches. */
  readonly cache?: CompiledCache
  /** What is sent after it, instead of what the endpoint has sent. */
  readonly callbacks?: readonly CompiledWebhook[]
  /** Its place among the endpoint's answers, from 0. */
  readonly place: number
  /** The scenarios that have to be in certain states, or that it moves. */
  readonly gates?: readonly Gate[]
  /** How often it is given. */
  readonly times?: number
  readonly weight?: number
  /** The variables that it sets. */
  readonly sets?: ReadonlyArray<readonly [name: string, render: (context: TemplateContext) => unknown]>
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

/** Whether two answers have the same status, so that only their content types, or what they are for, tell them apart. */
export const isLike = (variant: Variant, other: Variant | undefined): boolean =>
  variant.answer.status === other?.answer.status && variant.standsFor === other.standsFor
