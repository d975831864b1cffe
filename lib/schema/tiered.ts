import type { JsonSchema } from '../config.ts'
import type { Validator } from './compiler.ts'
import type { Interpreter } from './interpreter.ts'
import type { Direction } from './shared-refs.ts'

/** A schema that has been asked so often is worth compiling. */
const HOT = 16

/** In characters, all shared schemas included; what is larger would hold the event loop for 50 ms or more, and is never compiled. */
const LARGE = 60_000

export interface TieredOptions {
  interpreter: Interpreter
  /** The compiled validator, which compiles when it is first called; it has the last word. */
  validate: Validator
  /** Whether a second opinion finds fault with a value that the interpreter has refused. */
  findsFault: (value: unknown) => boolean
  direction: Direction
}

/**
 * Whether values fit a schema: interpreted for the first few, so that the first answer of an operation does not wait for a compiler,
 * and compiled once it is used again and again. A value that only the interpreter refuses is judged by the validator.
 */
export function tiered (schema: JsonSchema, { interpreter, validate, findsFault, direction }: TieredOptions): (value: unknown) => boolean {
  let asked = 0
  let isLarge: boolean | undefined
  return value => {
    if (++asked > HOT && !(isLarge ??= interpreter.weigh(schema) > LARGE)) return validate(value)
    if (interpreter.accepts(schema, value, direction)) return true
    return !findsFault(value) && validate(value)
  }
}
