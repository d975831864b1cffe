import type { BodyFault } from './body-fault.ts'

/** A body read by its schema. */
export interface DecodedBody {
  /** What is validated, and then seen by templates. */
  value: unknown
  /** What is wrong with it that a schema cannot tell. */
  faults: readonly BodyFault[]
  /** What takes the place of parts of the value once they are validated. */
  restorations: readonly Restoration[]
}

/**
 * A schema speaks of JSON, where a file is a string and an integer a number that may lose digits. So those are what is
 * validated; templates get what came instead.
 */
export interface Restoration {
  readonly holder: Record<string, unknown> | unknown[]
  readonly key: string | number
  readonly value: unknown
}

/** Puts everything in its place. Values that validation has converted meanwhile are overwritten; lists made around them are kept. */
export function restore (restorations: readonly Restoration[]): void {
  for (const { holder, key, value } of restorations) {
    const now: unknown = Reflect.get(holder, key)
    Reflect.set(holder, key, Array.isArray(now) && !Array.isArray(value) ? [value] : value)
  }
}
