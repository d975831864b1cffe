import { isAnything } from './accept.ts'
import { offersOf } from './choose-by-type.ts'
import { compileGroup } from './choose-group.ts'
import { chooseOptions, compileMode, isSpent } from './choose-mode.ts'
import { compileConditions } from './condition/compile-conditions.ts'
import type { Subject } from './condition/subject.ts'
import type { Verdict } from './condition/verdict.ts'
import type { Choose, Negotiate } from './config.ts'
import { isOpen, judgeGates } from './state/scenario-gate.ts'
import type { Position } from './state/choices.ts'
import type { Store } from './store.ts'
import type { TemplateContext } from './template/context.ts'
import { isLike, type Variant } from './variant.ts'

/** The request that is being answered, and the state of its scope. */
export interface ChoiceContext extends TemplateContext {
  readonly store: Store
  /** Which answers endpoints give because of the request's profile, by id. */
  readonly situated?: ReadonlyMap<string, string> | undefined
  /** The endpoint that is asked: positions are those of its id; what is switched on is of what it was made of. */
  readonly endpoint: { readonly id: string, readonly source?: { readonly id?: string | undefined } }
}

/** The choice among answers that have conditions, or that come by turns. */
export interface Holding {
  /** The answer that is to be given, and after it, where the client is choosy, those that it could be in other content types; undefined where none holds. */
  pick (context: ChoiceContext, accept: string | undefined): readonly Variant[] | undefined
  /** Those of them that hold; all, where none does. */
  among (variants: readonly Variant[], context: ChoiceContext): readonly Variant[]
  settle (variant: Variant, isForced: boolean, context: ChoiceContext): void
  judge (variant: Variant, subject: Subject, endpoint: string): Verdict[]
}

/** Whether a choice depends on anything but the request's preferences, and what it is an example for. */
export function isConditional (variants: readonly Variant[], choose: Choose | undefined): boolean {
  return chooseOptions(choose).mode !== 'first' ||
    variants.some(({ when, gates, times }) => when !== undefined || gates !== undefined || times !== undefined)
}

/** Conditions come first; then `choose` has its say about those that hold. */
export function compileHolding (variants: readonly Variant[], { choose, negotiate }: { choose?: Choose | undefined, negotiate: Negotiate }): Holding {
  const { per } = chooseOptions(choose)
  const groupOf = per === undefined ? undefined : compileGroup(per)
  const paired = variants.filter(({ isFor }) => isFor !== undefined)
  // What is the example for another request takes no turn; but where there is nothing else, the first is the default.
  const turning = variants.filter(({ isFor }, index) => isFor === undefined || index === 0)
  const mode = compileMode(choose, turning)
  const conditions = compileConditions(turning.map(({ when }) => when))
  const isBounded = mode.name !== 'sequence'
  /** By place: the answers that differ in their content type alone. */
  const alike = negotiate === 'off' ? [] : variants.map(variant => alikeOf(variant, variants, mode.name === 'first'))

  const groupIn = (context: ChoiceContext): string | undefined => groupOf?.(context.request)
  const peek = (context: ChoiceContext): Readonly<Position> => context.store.choices.peek(context.endpoint.id, groupIn(context))

  /** What is cheap to know of an answer: whether the scenarios let it, and whether it is there any more. */
  const isReady = ({ store }: ChoiceContext, position: Readonly<Position>) => (variant: Variant): boolean =>
    (variant.gates === undefined || isOpen(variant.gates, store.scenarios)) && !(isBounded && isSpent(variant, position))

  function asking (context: ChoiceContext, position: Readonly<Position>) {
    const ready = isReady(context, position)
    const subject = subjectOf(context, position)
    return { ready, subject, isHolding: (variant: Variant): boolean => ready(variant) && variant.when?.holds(subject) !== false }
  }

  return {
    pick (context, accept) {
      const position = peek(context)
      const { ready, subject, isHolding } = asking(context, position)
      const meant = paired.find(variant => isHolding(variant) && variant.isFor?.(context.request))
      const picked = meant ?? (mode.name === 'first'
        ? turning[conditions.find(subject, index => ready(turning[index]!))]
        : mode.pick(isHolding, position, () => context.random))
      if (picked === undefined) return undefined
      const others = alike[picked.place]
      if (others === undefined || isAnything(accept)) return [picked]
      const isOther = (variant: Variant): boolean => meant === undefined
        ? variant.isFor === undefined
        : variant.name === meant.name && variant.isFor?.(context.request) === true
      return [picked, ...others.filter(variant => variant !== picked && isOther(variant) && isHolding(variant))]
    },
    among (some, context) {
      const held = some.filter(asking(context, peek(context)).isHolding)
      return held.length === 0 ? some : held
    },
    settle (variant, isForced, context) {
      const position = context.store.choices.position(context.endpoint.id, groupIn(context))
      position.answered++
      if (!isForced) mode.settle(variant, position)
    },
    judge (variant, subject, endpoint) {
      const { request, state } = subject
      const position = state?.choices?.peek(endpoint, groupOf?.(request))
      const { gates = [], times, when } = variant
      const asked = { ...subject, ...position !== undefined && { count: subject.count ?? position.answered + 1 } }
      return [
        ...state === undefined ? [] : judgeGates(gates, state.scenarios),
        ...position === undefined || !isBounded || times === undefined ? [] : [judgeTimes(times, position.given?.get(variant.place) ?? 0)],
        ...position === undefined ? [] : mode.judge?.(variant, position) ?? [],
        ...when?.judge(asked) ?? []
      ]
    }
  }
}

/** With its own number, and a request that is looked at only if some condition asks about it. */
const subjectOf = (context: ChoiceContext, { answered }: Readonly<Position>): Subject => ({
  get request () { return context.request },
  count: answered + 1,
  state: context.store
})

/** In a sequence, a content type is no way out of the turn: there, only answers of one name belong together. */
function alikeOf (variant: Variant, variants: readonly Variant[], isFirst: boolean): readonly Variant[] | undefined {
  const alike = variants.filter(other => isLike(other, variant) && (isFirst || (other.name !== undefined && other.name === variant.name)))
  return offersOf(alike).length > 1 ? alike : undefined
}

function judgeTimes (times: number, count: number): Verdict {
  const holds = count < times
  const message = holds ? '' : `it was given ${count} of ${times} times`
  return { holds, part: 'times', operator: 'less', expected: `fewer than ${times}`, actual: String(count), message, distance: holds ? 0 : 0.5 }
}
