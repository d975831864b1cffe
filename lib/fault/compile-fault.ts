import type { AnswerTools } from '../answer.ts'
import type { Endpoint, FaultOptions, Response } from '../config.ts'
import { HTTP2_CODES, type FaultKind } from '../config-keys/fault.ts'
import { compilePick } from '../injection/compile-pick.ts'
import { counterKey } from '../injection/counter-key.ts'
import { compileOccurrence, type CompiledOccurrence } from '../injection/occurrence.ts'
import type { Random } from '../random.ts'
import { faultNamed, namesOf } from './fault-names.ts'
import { faultOptions } from './fault-options.ts'

/** Which requests are struck by a fault, and by which. */
export interface CompiledFault {
  readonly occurrence: CompiledOccurrence
  pick (random: Random): FaultPlan
}

/** One fault, with all that is to be known about it. */
export interface FaultPlan {
  readonly kind: FaultKind
  /** How long the request waits before it is struck, in milliseconds. */
  readonly afterMs: number
  /** How many bytes of the body are sent; undefined for half of them, or none. */
  readonly afterBytes?: number | undefined
  /** How long the connection is kept open, in milliseconds; undefined for as long as the client likes. */
  readonly forMs?: number | undefined
  /** Error code of HTTP/2, by its number. */
  readonly code: number
  readonly bytesPerSecond: number
  readonly sliceBytes: number
  readonly sliceMs: number
}

/** Compiles what goes wrong with one answer of an endpoint; undefined where nothing does. */
export function compileFault (answer: Response, endpoint: Endpoint & { id: string }, place: number, tools: AnswerTools): CompiledFault | undefined {
  const options = faultOptions(answer, endpoint)
  if (options === undefined) return undefined
  const { fault, occurrence, isOwn } = options
  const compiled = tools.at('when', () => compileOccurrence(occurrence, { key: counterKey('fault', isOwn ? place : undefined), kind: 'fault' }, tools))
  if (compiled === undefined) return undefined
  const pick = compilePick<string>(fault.kind)
  const plans = new Map<string, FaultPlan>()
  for (const name of namesOf(fault.kind)) plans.set(name, planFault(fault, name))
  return { occurrence: compiled, pick: random => plans.get(pick(random)) ?? planFault(fault, 'reset') }
}

/** A fault as it is when only its name is known. */
export const planFault = ({ after_ms: afterMs = 0, after_bytes: afterBytes, for_ms: forMs, code = 'INTERNAL_ERROR', bytes_per_second: bytesPerSecond = 1024, slice_bytes: sliceBytes = 64, slice_ms: sliceMs = 10 }: Omit<FaultOptions, 'kind'>, name: string): FaultPlan =>
  ({ kind: faultNamed(name) ?? 'reset', afterMs, afterBytes, forMs, code: HTTP2_CODES.indexOf(code), bytesPerSecond, sliceBytes, sliceMs })
