import type { JsonSchema } from '../config.ts'
import { createChecker, type Checker } from './check.ts'
import { createReferences } from './references.ts'
import { hiddenNames, sharedName, type Direction } from './shared-refs.ts'
import { isObject, type ObjectSchema } from './subschemas.ts'

/** Judges values by schemas without compiling them. */
export interface Interpreter {
  /** Whether a value fits. What it accepts the compiled validator accepts too; of formats that are not enforced it may refuse some. */
  accepts (schema: JsonSchema, value: unknown, direction: Direction): boolean
  /** How much text a schema is, in characters, with all shared schemas that it leads to: what compiling it costs follows from that. */
  weigh (schema: JsonSchema): number
}

/**
 * Compiling the largest schemas of real documents takes a tenth of a second and more, during which nothing is answered; looking at
 * one value by them takes less than a thousandth of that.
 *
 * @param shared the configuration's `schemas`
 */
export function createInterpreter (shared: Readonly<Record<string, JsonSchema>> = {}): Interpreter {
  const references = createReferences(shared)
  const checkers = new Map<Direction, Checker>()
  const texts = new Map<string, SchemaText>()

  function checkerFor (direction: Direction): Checker {
    let checker = checkers.get(direction)
    if (checker === undefined) {
      const hidden = new WeakMap<object, ReadonlySet<string>>()
      const hiddenBy = (schema: ObjectSchema): ReadonlySet<string> => {
        let names = hidden.get(schema)
        if (names === undefined) hidden.set(schema, names = new Set(hiddenNames(schema, direction, shared)))
        return names
      }
      checker = createChecker(references, (owner, name) => owner.some(({ schema }) => isObject(schema) && hiddenBy(schema).has(name)), 'refuse')
      checkers.set(direction, checker)
    }
    return checker
  }

  function textOf (name: string): SchemaText {
    let text = texts.get(name)
    if (text === undefined) texts.set(name, text = measure(shared[name] ?? true))
    return text
  }

  return {
    accepts: (schema, value, direction) => checkerFor(direction).check(value, [{ schema, root: schema }]).length === 0,
    weigh (schema) {
      const own = measure(schema)
      const met = new Set(own.names)
      let length = own.length
      for (const name of met) {
        const text = textOf(name)
        length += text.length
        for (const next of text.names) met.add(next)
      }
      return length
    }
  }
}

interface SchemaText {
  readonly length: number
  /** Of the shared schemas that it refers to. */
  readonly names: readonly string[]
}

function measure (schema: JsonSchema): SchemaText {
  const names: string[] = []
  const text = JSON.stringify(schema, (key, value: unknown) => {
    if (key === '$ref' && typeof value === 'string') names.push(...sharedNames(value))
    return value
  })
  return { length: isObject(schema) ? text.length : 0, names }
}

function sharedNames (ref: string): string[] {
  const target = sharedName(ref)
  return target === undefined ? [] : [target.name]
}
