import type { JsonSchema } from '../config.ts'
import { child } from '../json-pointer.ts'
import type { Direction } from '../schema/shared-refs.ts'
import type { ObjectSchema } from '../schema/subschemas.ts'
import type { Violation } from './violation.ts'

/** What is wrong at one place of a value. */
export type Finding = Omit<Violation, 'in' | 'place'> & { schema_pointer: string }

/** A subschema with the root that its references are relative to, and where it stands. */
export interface Placed {
  readonly schema: JsonSchema
  readonly root: JsonSchema
  /** JSON pointer, from `#/schemas/Name` or from the schema that the walk began with. */
  readonly place: string
}

/** The same, known to be an object. */
export interface Here extends Placed {
  readonly schema: ObjectSchema
}

/** Properties and items that some keyword has spoken of, for `unevaluatedProperties` and `unevaluatedItems`. */
export interface Spoken {
  readonly names: Set<string>
  readonly items: Set<number>
}

/** A walk over a value by its schema, and what all steps of it share. */
export interface Walk {
  readonly isText: boolean
  readonly direction: Direction
  readonly findings: Finding[]
  /** Names that are not required at a place of the value, as a schema around the one that requires them says. */
  readonly hidden: Map<string, ReadonlySet<string>>
  /** Goes on with a subschema for the same value, or for one below it. */
  step (at: Placed, value: unknown, path: string, spoken?: Spoken): void
  /** What is wrong with the value by a subschema, without taking it down. */
  try (at: Placed, value: unknown, path: string, spoken?: Spoken): Finding[]
  /** Follows a `$ref` or `$dynamicRef`. */
  follow (ref: string, from: Here): Placed | undefined
  /** Whether no more is taken down. */
  isFull (): boolean
}

/** A subschema below a keyword: `below(at, 'properties', 'id')`. */
export const below = (at: Here, keyword: string, key: string | number | undefined, schema: JsonSchema): Placed =>
  ({ schema, root: at.root, place: key === undefined ? child(at.place, keyword) : child(child(at.place, keyword), key) })

/** Takes down that a keyword is not met. */
export function fault (walk: Walk, at: Here, keyword: string, pointer: string, message: string, value: unknown, expected: unknown = at.schema[keyword]): void {
  if (walk.isFull()) return
  const finding: Finding = { pointer, rule: keyword, expected, message, schema_pointer: child(at.place, keyword) }
  if (value === null || typeof value === 'number' || typeof value === 'boolean') finding.actual = value
  else if (typeof value === 'string') finding.actual = value.length > LONGEST_ACTUAL ? `${value.slice(0, LONGEST_ACTUAL - 1)}…` : value
  walk.findings.push(finding)
}

const LONGEST_ACTUAL = 200
