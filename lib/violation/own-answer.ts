import { isAnything, negotiation } from '../accept.ts'
import { withStatus } from '../answer.ts'
import { typeOf, type Variant } from '../variant.ts'
import type { Rejection } from './rejection.ts'

/** The statuses of answers that tell of a rejection, best first. */
const STATUSES: Readonly<Record<Rejection['kind'], readonly number[]>> = {
  security: [401, 403],
  'content-type': [415],
  request: [422, 400],
  'too-large': [413],
  'not-acceptable': [406],
  precondition: [412],
  'rate-limit': [429],
  other: []
}

/**
 * Which of an endpoint's answers a rejected request gets: the one of a status that says so, then the one that stands for all of 4xx,
 * then the one for everything else; of several content types, the one that the client accepts best. Undefined when there is none.
 */
export function ownAnswer (variants: readonly Variant[], { kind, status }: Pick<Rejection, 'kind' | 'status'>, accept: string | undefined): Variant | undefined {
  if (kind === 'other') return undefined
  // Who is known, and may not, is not told to log in.
  const statuses = (kind === 'security' && status === 403) || kind === 'rate-limit' ? [status] : STATUSES[kind]
  const groups = [
    ...statuses.map(wanted => variants.filter(({ answer, standsFor }) => answer.status === wanted && standsFor === undefined)),
    ...[`${Math.floor(status / 100)}XX`, 'default'].map(range => variants.filter(({ standsFor }) => standsFor === range))
  ]
  const found = groups.find(group => group.length > 0)
  if (found === undefined) return undefined
  const variant = acceptable(found, accept)
  return variant?.standsFor === undefined ? variant : { ...variant, answer: withStatus(variant.answer, status) }
}

/** Of answers that differ in their content type, the one that the client accepts best. Undefined when there is none. */
export function acceptable (variants: readonly Variant[], accept: string | undefined): Variant | undefined {
  const offers = [...new Set(variants.flatMap(variant => typeOf(variant) ?? []))]
  if (offers.length < 2 || accept === undefined || isAnything(accept)) return variants[0]
  const index = negotiation(offers)(accept)
  const type = index === undefined ? undefined : offers[index]
  return variants.find(variant => typeOf(variant) === type) ?? variants[0]
}
