import { isAnything, negotiation, type Negotiate } from './accept.ts'
import type { Negotiate as NegotiateMode } from './config.ts'
import { typeOf, type Variant } from './variant.ts'

/** The choice among answers of several content types. */
export interface ByType {
  readonly readsAccept: boolean
  /** Undefined when no answer is acceptable, and that matters. */
  pick (accept: string | undefined): Variant | undefined
}

/** The content types of answers, each once, in their order. */
export const offersOf = (variants: readonly Variant[]): string[] => [...new Set(variants.flatMap(variant => typeOf(variant) ?? []))]

/** Compiles the choice by `Accept`; of those that are equally acceptable, and where nothing is said, it is the first. */
export function compileTypes (variants: readonly Variant[], mode: NegotiateMode): ByType {
  const [first] = variants
  const offers = offersOf(variants)
  // What has no type is acceptable to all; and whoever meets with an error had better see it.
  const isLenient = mode !== 'enforce' || variants.some(variant => typeOf(variant) === undefined) || (first?.answer.status ?? 200) >= 400
  if (mode === 'off' || (isLenient && offers.length < 2)) return { readsAccept: false, pick: () => first }
  const byOffer = offers.map(offer => variants.find(variant => typeOf(variant) === offer))
  let negotiate: Negotiate | undefined
  return {
    readsAccept: true,
    pick (accept) {
      if (accept === undefined || isAnything(accept)) return first
      negotiate ??= negotiation(offers)
      const index = negotiate(accept)
      return index === undefined ? (isLenient ? first : undefined) : byOffer[index]
    }
  }
}
