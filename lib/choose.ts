import { varyingBy } from './answer.ts'
import { compileTypes, offersOf, type ByType } from './choose-by-type.ts'
import { compileHolding, isConditional, type ChoiceContext } from './choose-holding.ts'
import type { Subject } from './condition/subject.ts'
import type { Verdict } from './condition/verdict.ts'
import type { Choose, Negotiate } from './config.ts'
import { isStream, mediaKind } from './media/kind.ts'
import { applied, type Preferences } from './prefer.ts'
import { isLike, typeOf, variantsFor, type Variant } from './variant.ts'

/** Picks the answer that a request gets. */
export interface Chooser {
  /** Whether it depends on more than `Prefer`: on `Accept`, or on what the request says. */
  readonly readsAccept: boolean
  readonly readsRequest: boolean
  /** Whether it depends on what is remembered, or leaves something behind: then every choice has to be settled. */
  readonly isStateful: boolean
  /** Whether any answer has a name that it can be switched to. */
  readonly hasNames: boolean
  /** Changes nothing. */
  choose (asking: Asking): Choice
  /**
   * Takes note of the answer that is given: moves scenarios, counts, sets variables. To be called in the same turn as `choose`.
   *
   * @returns the states that were left and entered, by scenario; undefined where a scenario has moved on by itself meanwhile, and
   * the choice has to be made anew
   */
  settle (choice: Chosen, context: ChoiceContext): Moves | undefined
  /** Every demand that an answer makes on request and state, with its verdict: for people. `endpoint` is the id that positions go by. None for one that holds always. */
  judge (variant: Variant, subject: Subject, endpoint: string): Verdict[]
}

/** What the choice depends on. */
export interface Asking {
  readonly preferences: Preferences
  readonly accept: string | undefined
  readonly context: ChoiceContext
}

export type Moves = ReadonlyMap<string, readonly [from: string, to: string]>

/** With the preferences that were followed, as `Preference-Applied` names them; with the types on offer, where none is acceptable. */
export interface Chosen {
  readonly variant: Variant
  readonly applied: readonly string[]
  readonly offers?: readonly string[]
  /** Whether the request or somebody else asked for it by name, whatever would have been chosen. */
  readonly isForced?: boolean
}

export type Choice =
  | Chosen
  /** There is no such answer as is preferred. */
  | { readonly missing: string }
  /** None of the answers holds. */
  | { readonly unmatched: true }

export interface ChooserOptions {
  negotiate: Negotiate
  choose?: Choose | undefined
}

/** So many groups of answers are remembered with what `Accept` chooses among them; most endpoints have one. */
const REMEMBERED = 100

/**
 * Compiles the choice among an endpoint's answers. In this order count: what is preferred (`Prefer: code`, `example`), what was
 * switched on, conditions and `choose`, which request an answer is the example for, and among those of one status and name the
 * content type. Where there are no conditions, the first answer is the default.
 *
 * @returns the variants as well: those that `Accept` chooses among say so in `Vary`
 */
export function compileChooser (all: readonly [Variant, ...Variant[]], options: ChooserOptions): { variants: readonly [Variant, ...Variant[]], chooser: Chooser } {
  const { negotiate: mode } = options
  const hasConditions = isConditional(all, options.choose)
  const usual = all.filter(variant => isLike(variant, all[0]))
  const varying = mode === 'off' ? new Set<Variant>() : varyingOf(hasConditions ? all : usual)
  const [first, ...rest] = all
  const vary = (variant: Variant): Variant => varying.has(variant) ? { ...variant, answer: varyingBy(variant.answer, 'Accept') } : variant
  const variants = [vary(first), ...rest.map(vary)] as const
  const paired = variants.filter(({ isFor }) => isFor !== undefined)
  const usualByType = compileTypes(variants.filter(variant => isLike(variant, variants[0])), mode)
  const holding = hasConditions ? compileHolding(variants, options) : undefined
  const hasNames = variants.some(({ name }) => name !== undefined)
  const known = new Map<string, ByType>()

  function typesOf (found: readonly Variant[]): ByType {
    const key = found.map(({ place, answer: { status } }) => `${place}:${status}`).join()
    let types = known.get(key)
    if (types === undefined) {
      if (known.size >= REMEMBERED) known.clear()
      known.set(key, types = compileTypes(found, mode))
    }
    return types
  }

  /** The answers that are asked for: all of one status, and of one name where there is a choice of them. */
  function preferred ({ preferences: { code, example }, context }: Asking): readonly Variant[] {
    const ofCode = code === undefined ? variants : variantsFor(variants, code)
    if (example !== undefined) return named(ofCode, example)
    const held = holding?.among(ofCode, context) ?? ofCode
    return meant(held, context) ?? held
  }

  /** Those that are the example for the request, of those that come into question. */
  function meant (among: readonly Variant[], context: ChoiceContext): readonly Variant[] | undefined {
    const found = paired.length === 0 ? undefined : among.find(({ isFor }) => isFor?.(context.request))
    // It may be there in several content types.
    return found && among.filter(variant => variant === found || (isLike(variant, found) && variant.name === found.name && variant.isFor?.(context.request) === true))
  }

  function switched ({ store, endpoint, situated }: ChoiceContext): readonly Variant[] | undefined {
    const name = hasNames ? store.switches.of(endpoint.source?.id ?? endpoint.id, situated) : undefined
    // An endpoint that stands in for another by the same id need not have all of its answers.
    return name === undefined ? undefined : nonEmpty(named(variants, name))
  }

  function choose (asking: Asking): Choice {
    const { preferences, accept, context } = asking
    const followed = (['code', 'example'] as const).flatMap(name => preferences[name] === undefined ? [] : applied(name, preferences[name]))
    const found = followed.length > 0 ? preferred(asking) : switched(context)
    if (found !== undefined) {
      if (found.length === 0) return { missing: describe(variants, preferences) }
      return chosen(found, typesOf(found).pick(accept), followed, true)
    }
    if (holding !== undefined) {
      const held = holding.pick(context, accept)
      if (held === undefined) return { unmatched: true }
      return chosen(held, held.length === 1 && mode !== 'enforce' ? held[0] : typesOf(held).pick(accept) ?? streamOf(held), [], false)
    }
    const example = meant(variants, context)
    const variant = (example && (typesOf(example).pick(accept) ?? streamOf(example))) ?? usualByType.pick(accept)
    return chosen(usual, variant, [], false)
  }

  const chosen = (among: readonly Variant[], variant: Variant | undefined, applied: readonly string[], isForced: boolean): Chosen =>
    variant === undefined ? { variant: among[0] ?? variants[0], applied, offers: offersOf(among), isForced } : { variant, applied, isForced }

  return {
    variants,
    chooser: {
      readsAccept: usualByType.readsAccept,
      readsRequest: paired.length > 0,
      isStateful: hasConditions || variants.some(({ sets }) => sets !== undefined),
      hasNames,
      choose,
      settle: ({ variant, isForced = false }, context) => settle(variant, isForced, context),
      judge: (variant, subject, endpoint) => holding?.judge(variant, subject, endpoint) ?? []
    }
  }

  function settle (variant: Variant, isForced: boolean, context: ChoiceContext): Moves | undefined {
    // Rendered first: what fails leaves nothing behind.
    const values = variant.sets?.map(([name, render]) => [name, render(context)] as const)
    const moves = variant.gates === undefined ? NO_MOVES : context.store.scenarios.pass(variant.gates) ?? (isForced ? NO_MOVES : undefined)
    if (moves === undefined) return undefined
    holding?.settle(variant, isForced, context)
    if (values !== undefined) for (const [name, value] of values) context.store.variables.set(name, value)
    return moves
  }
}

const NO_MOVES: Moves = new Map()

/** All of one name, in the content types that the first of them has a choice of. */
function named (variants: readonly Variant[], name: string): readonly Variant[] {
  const found = variants.filter(variant => variant.name === name)
  return found.filter(variant => isLike(variant, found[0]))
}

const nonEmpty = <T>(list: readonly T[]): readonly T[] | undefined => list.length === 0 ? undefined : list

/** Those that have others beside them in another content type. */
function varyingOf (variants: readonly Variant[]): ReadonlySet<Variant> {
  const groups = new Map<string, Variant[]>()
  for (const variant of variants) {
    const key = `${variant.answer.status} ${variant.standsFor}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [variant])
    else group.push(variant)
  }
  return new Set([...groups.values()].filter(group => offersOf(group).length > 1).flat())
}

/**
 * An example for the request is of no use in a type that the client cannot have. But those who ask for a stream in the body go on to
 * say `Accept: application/json` (OpenAI's clients do).
 */
const streamOf = (found: readonly Variant[] | undefined): Variant | undefined => found?.find(variant => isStream(mediaKind(typeOf(variant) ?? '')))

function describe (variants: readonly Variant[], { code, example }: Preferences): string {
  const asked = [code === undefined ? [] : `status ${code}`, example === undefined ? [] : `name '${example}'`].flat().join(' and ')
  const known = variants.map(({ answer, name, standsFor }) => `${standsFor ?? answer.status}${name === undefined ? '' : ` '${name}'`}`)
  return `The request prefers an answer with ${asked}, which this endpoint does not have. It has: ${known.join(', ')}.`
}
