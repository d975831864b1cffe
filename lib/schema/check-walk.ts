import type { JsonSchema } from '../config.ts'
import { child } from '../json-pointer.ts'
import type { Located } from './references.ts'

/** Which properties and items of one value some keyword has spoken of, for `unevaluated...`. */
export interface Seen {
  readonly names: Set<string>
  readonly items: Set<number>
}

/** A walk over one value. */
export interface Walk {
  readonly violations: Violation[]
  /** Where the walk is: property names and indexes. */
  readonly path: Array<string | number>
  /** Whether it is only asked if something is wrong: then the first thing ends it. */
  probing: boolean
  /** How many schemas deep, to end a reference that refers to itself. */
  nesting: number
  /** Whether anything was too deep to be looked at. */
  isCut: boolean
  /** The schemas by which the current value was entered. */
  owner: readonly Located[]
}

export interface Violation {
  /** JSON pointer (RFC 6901) into the value. */
  pointer: string
  /** The keyword that is not met. */
  keyword: string
}

export type Rule = (value: unknown, walk: Walk, seen: Seen | undefined) => void

/** What rules need of the whole. */
export interface Rules {
  /** The rule of a subschema, made when it is first followed. */
  of (schema: JsonSchema): Rule
  /** Goes one step down into the value; what is found there is told with its place. */
  enter (schema: JsonSchema, key: string | number, value: unknown, walk: Walk): void
  /** Whether a subschema holds; what is wrong is not told. */
  holds (rule: Rule, value: unknown, walk: Walk, seen?: Seen): boolean
  /** Whether the property may be missing although required, as it does not belong in this direction. */
  hidden (name: string, walk: Walk): boolean
}

/** Notes that a keyword is not met here. */
export function violate (walk: Walk, keyword: string): void {
  const pointer = walk.path.reduce<string>(child, '')
  walk.violations.push({ pointer, keyword })
}
