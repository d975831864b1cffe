import type { Key } from './keys.ts'
import type { Subject } from './subject.ts'

/** A compiled `when`. */
export interface Condition {
  /** Whether any part of it looks at the body, so that asking needs one. */
  readonly readsBody: boolean
  /** Scalars that it needs to find: what `compileConditions` tells many conditions apart by. */
  readonly keys?: readonly Key[]
  /** Cheap, and without side effects: it runs for each request. Never throws. */
  holds (subject: Subject): boolean
  /** Every single demand with its verdict, in the order of the configuration: for people. */
  judge (subject: Subject): Verdict[]
}

/** What became of one demand. Those joined by `any` and `not` have parts. */
export interface Verdict {
  readonly holds: boolean
  /** The part of the request, in the words of the configuration: `method`, `headers`, `body`, `state` ... */
  readonly part: string
  /** The place in that part: a name (`x-tenant`), a JSON pointer (`/items/0/sku`), a JSONPath; absent for the whole. */
  readonly at?: string
  /** `equals`, `matches` ... */
  readonly operator: string
  /** As it is written in a sentence: short, quoted, secrets left out. */
  readonly expected: string
  readonly actual: string
  /** What is wrong, in words that stand alone: `body /items/0/sku is 'A2', expected 'A1'`. Empty where it holds. */
  readonly message: string
  /** A value that would make it hold, where there is one to name, and it is no secret. */
  readonly model?: unknown
  /** How far off it is, from 0 (holds) to 1 (nothing like it): a slip of one letter is near. */
  readonly distance: number
  readonly parts?: readonly Verdict[]
}
