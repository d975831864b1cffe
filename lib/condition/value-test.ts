import type { SharedSchemas } from '../schema/schema-view.ts'
import type { Kind } from './special-values.ts'
import type { Subject } from './subject.ts'
import type { Verdict } from './verdict.ts'

/** A compiled test of one value, or of several that stand for one: those of a parameter that comes more than once. */
export interface ValueTest {
  /** What asking costs, roughly, beside comparing two texts (1): the cheap is asked first. */
  readonly cost: number
  /** `undefined` is a value that is absent. */
  holds (value: unknown, subject: Subject): boolean
  judge (value: unknown, subject: Subject, where: Where): Verdict[]
}

/** The place of a value, for people. */
export interface Where {
  /** In the words of the configuration: `headers`. */
  readonly part: string
  /** What a sentence begins with: `header x-tenant`, `body /items/0`. */
  readonly label: string
  /** Name and pointer: `x-tenant`, `/items/0`; '' for the whole part. */
  readonly at: string
  /** Whether the value is not to be repeated. */
  readonly isSecret: boolean
}

/** What conditions are compiled with. */
export interface ConditionTools {
  /** The configuration's shared schemas, for `json_schema`. */
  readonly schemas?: SharedSchemas
  /** What time it is, in milliseconds since 1970. Default: that of the scope whose state is asked. */
  readonly now?: () => number
}

/** What a test of a value is compiled with: where it stands, and what its values are like. */
export interface Setting {
  readonly tools: ConditionTools
  /** JSON pointer of the test within the condition. */
  readonly pointer: string
  /**
   * `one` value, whose lists are values themselves (JSON); one that is a `list` of all values where there are several
   * (parameters); always a list of `several` (what a path finds); the `rows` of a collection.
   */
  readonly values: 'one' | 'list' | 'several' | 'rows'
  /** How texts are compared that are not so letter by letter. */
  readonly kind?: Kind | undefined
  /** Whether the value is the whole body, of which there is the text that it was read from. */
  readonly isWholeBody?: boolean
  /** Whether values come as texts, so that 7 is written "7". */
  isText (subject: Subject): boolean
}

export const within = (setting: Setting, token: string | number): Setting => ({ ...setting, pointer: `${setting.pointer}/${token}` })

export const always = (): boolean => true
export const never = (): boolean => false
