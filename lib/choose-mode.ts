import type { Verdict } from './condition/verdict.ts'
import type { Choose } from './config.ts'
import type { Random } from './random.ts'
import type { Position } from './state/choices.ts'
import type { Variant } from './variant.ts'

/** How one of several answers is chosen among those that hold. */
export type Mode = Turns | FirstOfAll

/** The first that holds, which is found without a mode's doing. */
interface FirstOfAll {
  readonly name: 'first'
  settle (variant: Variant, position: Position): void
  judge? (variant: Variant, position: Readonly<Position>): Verdict[]
}

interface Turns {
  readonly name: 'sequence' | 'random'
  /** Undefined where none is to be given any more. Changes nothing. */
  pick (isHolding: (variant: Variant) => boolean, position: Readonly<Position>, random: () => Random): Variant | undefined
  /** Takes note of what was given. */
  settle (variant: Variant, position: Position): void
  /** What the mode itself has against an answer. */
  judge? (variant: Variant, position: Readonly<Position>): Verdict[]
}

type ChooseOptions = Exclude<Choose, string>

/** The long form of `choose`. */
export function chooseOptions (choose: Choose | undefined): ChooseOptions & { mode: NonNullable<ChooseOptions['mode']> } {
  if (choose === undefined) return { mode: 'first' }
  if (typeof choose === 'string') return { mode: choose }
  const { mode = choose.end === undefined && choose.then === undefined ? 'first' : 'sequence' } = choose
  return { ...choose, mode }
}

/** @param variants those that the mode is about, in their order */
export function compileMode (choose: Choose | undefined, variants: readonly Variant[]): Mode {
  const { mode, end = 'stay', then } = chooseOptions(choose)
  switch (mode) {
    case 'first': return { name: 'first', settle: countGiven }
    case 'random': return random(stepsOf(variants))
    case 'round_robin': return sequence(stepsOf(variants), { end: 'loop', then: [] })
    case 'sequence': return sequence(stepsOf(variants.filter(({ name }) => then === undefined || name !== then)), {
      end: then === undefined ? end : 'then',
      then: then === undefined ? [] : variants.filter(({ name }) => name === then)
    })
  }
}

/** One step of a sequence: an answer, perhaps in several content types, which go by one name and status. */
type Step = readonly [Variant, ...Variant[]]

function stepsOf (variants: readonly Variant[]): Step[] {
  const steps: Array<[Variant, ...Variant[]]> = []
  const named = new Map<string, [Variant, ...Variant[]]>()
  for (const variant of variants) {
    const key = variant.name === undefined ? undefined : `${variant.answer.status} ${variant.name}`
    const twin = key === undefined ? undefined : named.get(key)
    if (twin !== undefined) {
      twin.push(variant)
      continue
    }
    const step: [Variant, ...Variant[]] = [variant]
    if (key !== undefined) named.set(key, step)
    steps.push(step)
  }
  return steps
}

function random (steps: readonly Step[]): Turns {
  return {
    name: 'random',
    pick (isHolding, _position, random) {
      const held = steps.flatMap(step => {
        const variant = step.find(isHolding)
        const weight = step[0].weight ?? 1
        return variant === undefined || weight === 0 ? [] : { variant, weight }
      })
      if (held.length < 2) return held[0]?.variant
      let left = random().next() * held.reduce((sum, { weight }) => sum + weight, 0)
      // Rounding may leave a rest beyond the last.
      return (held.find(({ weight }) => (left -= weight) < 0) ?? held.at(-1))?.variant
    },
    settle: countGiven
  }
}

/** `times` is how often a step is given in a row, so that it is not counted beyond. */
function sequence (steps: readonly Step[], { end, then }: { end: 'stay' | 'loop' | 'once' | 'then', then: readonly Variant[] }): Turns {
  const stepOf = new Map(steps.flatMap((step, index) => step.map(({ place }) => [place, index] as const)))
  const holding = (index: number, isHolding: (variant: Variant) => boolean): Variant | undefined => steps[index]?.find(isHolding)

  return {
    name: 'sequence',
    pick (isHolding, { next }) {
      for (let index = next; index < steps.length; index++) {
        const variant = holding(index, isHolding)
        if (variant !== undefined) return variant
      }
      const passed = Math.min(next, steps.length)
      switch (end) {
        case 'once': return undefined
        case 'then': return then.find(isHolding)
        case 'loop':
          for (let index = 0; index < passed; index++) {
            const variant = holding(index, isHolding)
            if (variant !== undefined) return variant
          }
          return undefined
        case 'stay':
          for (let index = passed - 1; index >= 0; index--) {
            const variant = holding(index, isHolding)
            if (variant !== undefined) return variant
          }
          return undefined
      }
    },
    settle ({ place }, position) {
      const index = stepOf.get(place)
      // Of what follows the sequence nothing is counted, and what stays stays.
      if (index === undefined || (index < position.next && end === 'stay')) return
      const row = (index === position.next ? position.row : 0) + 1
      const isDone = row >= (steps[index]?.[0].times ?? 1)
      position.next = isDone ? index + 1 : index
      position.row = isDone ? 0 : row
    },
    judge ({ place }, { next }) {
      const index = stepOf.get(place)
      if (index === undefined || (end !== 'once' && end !== 'then')) return []
      const holds = index >= next
      const message = holds ? '' : `its turn in the sequence is over: ${Math.min(next, steps.length)} of ${steps.length} answers have been given`
      return [{ holds, part: 'choose', operator: 'sequence', expected: `its turn, ${index + 1} of ${steps.length}`, actual: `past ${Math.min(next, steps.length)}`, message, distance: holds ? 0 : 0.5 }]
    }
  }
}

function countGiven ({ place, times }: Variant, position: Position): void {
  if (times === undefined) return
  position.given ??= new Map()
  position.given.set(place, (position.given.get(place) ?? 0) + 1)
}

/** Whether an answer that is given so many times only has been. */
export const isSpent = ({ place, times }: Variant, { given }: Readonly<Position>): boolean =>
  times !== undefined && (given?.get(place) ?? 0) >= times
