import { isAnything, negotiation, type Negotiate } from './accept.ts'
import { varyingBy } from './answer.ts'
import type { Negotiate as NegotiateMode } from './config.ts'
import { isStream, mediaKind } from './media/kind.ts'
import { applied, type Preferences } from './prefer.ts'
import type { RequestView } from './request-view.ts'
import { typeOf, variantsFor, type Variant } from './variant.ts'

/** Picks the answer that a request gets. */
export interface Chooser {
  /** Whether it depends on more than `Prefer`: on `Accept`, or on what the request says. */
  readonly readsAccept: boolean
  readonly readsRequest: boolean
  choose (asking: Asking): Choice
}

/** What the choice depends on. */
export interface Asking {
  readonly preferences: Preferences
  readonly accept: string | undefined
  readonly request: () => RequestView
}

export type Choice =
  /** With the preferences that were followed, as `Preference-Applied` names them; with the types on offer, where none is acceptable. */
  | { readonly variant: Variant, readonly applied: readonly string[], readonly offers?: readonly string[] }
  /** There is no such answer as is preferred. */
  | { readonly missing: string }

/**
 * Compiles the choice among an endpoint's answers. The first is the default. In this order count: what is preferred
 * (`Prefer: code`, `example`), which request an answer is the example for, and among those of one status and name the content type.
 *
 * @returns the variants as well: those that `Accept` chooses among say so in `Vary`
 */
export function compileChooser (all: readonly [Variant, ...Variant[]], mode: NegotiateMode): { variants: readonly [Variant, ...Variant[]], chooser: Chooser } {
  const usual = all.filter(variant => isLike(variant, all[0]))
  const isVarying = mode !== 'off' && offersOf(usual).length > 1
  const [first, ...rest] = all
  const vary = (variant: Variant): Variant => isVarying && usual.includes(variant) ? { ...variant, answer: varyingBy(variant.answer, 'Accept') } : variant
  const variants = [vary(first), ...rest.map(vary)] as const
  const paired = variants.filter(({ isFor }) => isFor !== undefined)
  const usualByType = compileTypes(variants.filter(variant => isLike(variant, variants[0])), mode)

  /** The answers that come into question: all of one status, and of one name where there is a choice of them. */
  function candidates ({ preferences: { code, example }, request }: Asking): readonly Variant[] | undefined {
    const ofCode = code === undefined ? variants : variantsFor(variants, code)
    if (example !== undefined) {
      const named = ofCode.filter(({ name }) => name === example)
      return named.filter(variant => isLike(variant, named[0]))
    }
    const meant = paired.length === 0 ? undefined : ofCode.find(({ isFor }) => isFor?.(request()))
    // It may be there in several content types.
    if (meant !== undefined) return ofCode.filter(variant => variant === meant || (isLike(variant, meant) && variant.name === meant.name && variant.isFor?.(request()) === true))
    return code === undefined ? undefined : ofCode
  }

  return {
    variants,
    chooser: {
      readsAccept: usualByType.readsAccept,
      readsRequest: paired.length > 0,
      choose (asking) {
        const { code, example } = asking.preferences
        const found = candidates(asking)
        if (found?.length === 0) return { missing: describe(variants, code, example) }
        const wanted = found === undefined ? undefined : compileTypes(found, mode).pick(asking.accept)
        const variant = wanted ?? (code === undefined && example === undefined ? streamOf(found) ?? usualByType.pick(asking.accept) : undefined)
        const followed = [code === undefined ? [] : applied('code', code), example === undefined ? [] : applied('example', example)].flat()
        if (variant !== undefined) return { variant, applied: followed }
        const refused = code === undefined && example === undefined ? usual : found ?? usual
        return { variant: refused[0] ?? variants[0], applied: followed, offers: offersOf(refused) }
      }
    }
  }
}

const isLike = (variant: Variant, other: Variant | undefined): boolean =>
  variant.answer.status === other?.answer.status && variant.standsFor === other.standsFor

/**
 * An example for the request is of no use in a type that the client cannot have. But those who ask for a stream in the body go on to
 * say `Accept: application/json` (OpenAI's clients do).
 */
const streamOf = (found: readonly Variant[] | undefined): Variant | undefined => found?.find(variant => isStream(mediaKind(typeOf(variant) ?? '')))

/** The content types of answers, each once, in their order. */
const offersOf = (variants: readonly Variant[]): string[] => [...new Set(variants.flatMap(variant => typeOf(variant) ?? []))]

interface ByType {
  readonly readsAccept: boolean
  /** Undefined when no answer is acceptable, and that matters. */
  pick (accept: string | undefined): Variant | undefined
}

/** The choice among answers of several content types. */
function compileTypes (variants: readonly Variant[], mode: NegotiateMode): ByType {
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

function describe (variants: readonly Variant[], code: number | undefined, name: string | undefined): string {
  const asked = [code === undefined ? [] : `status ${code}`, name === undefined ? [] : `name '${name}'`].flat().join(' and ')
  const known = variants.map(({ answer, name, standsFor }) => `${standsFor ?? answer.status}${name === undefined ? '' : ` '${name}'`}`)
  return `The request prefers an answer with ${asked}, which this endpoint does not have. It has: ${known.join(', ')}.`
}
