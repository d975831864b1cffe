import type { IncomingMessage } from 'node:http'
import type { Exchange } from './exchange.ts'
import type { ExplainIndex, Explanation } from './explain.ts'
import type { Variant } from './variant.ts'

/**
 * Marks a raw request as one that is only asked about: it goes the way of every request, through all that stands in it, but it counts
 * for nothing, changes nothing, waits for nothing and calls nobody.
 */
export const kDryRun = Symbol('mock.dryRun')

interface DryRequest extends IncomingMessage {
  [kDryRun]?: DryRun
}

/** What a dry run has met with. */
export interface DryRun {
  /** The endpoints that it was led to, in this order: overlays that let it pass, and the one that answers, or rejects. */
  readonly visits: Visit[]
  /** Why it is not answered, where nothing answers it. */
  explanation?: Explanation
}

/** One endpoint that a dry run was led to. */
export interface Visit {
  readonly exchange: Exchange
  /** What it is among. */
  readonly index: () => ExplainIndex
  /** What it would answer with. */
  readonly chosen: () => Variant
}

/** The dry run that a request belongs to; undefined for those that are meant. */
export function dryRunOf (raw: IncomingMessage): DryRun | undefined {
  const asked: DryRequest = raw
  return asked[kDryRun]
}

/** Takes a raw request for one that is only asked about. */
export function markDryRun (raw: IncomingMessage, run: DryRun): void {
  const asked: DryRequest = raw
  asked[kDryRun] = run
}

/**
 * Notes where a dry run has come to, and leaves nothing of the answers but their status: no body to render, no wait, no failure, no
 * callback. Resources do answer, since only then their status is known: with the rows of a store that is thrown away.
 */
export function visit (run: DryRun, exchange: Exchange, index: Visit['index']): void {
  let chosen = exchange.variant
  Object.defineProperty(exchange, 'variant', { get: () => silenced(chosen), set: (variant: Variant) => { chosen = variant } })
  run.visits.push({ exchange, index, chosen: () => chosen })
}

function silenced ({ name, place, answer: { status, body } }: Variant): Variant {
  return { place, ...name !== undefined && { name }, answer: { status, headers: {}, ...body?.kind === 'responder' && { body } }, callbacks: [] }
}
