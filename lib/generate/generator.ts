import type { JsonSchema } from '../config.ts'
import type { Random } from '../random.ts'
import type { Violation } from '../schema/check-walk.ts'
import { createChecker } from '../schema/check.ts'
import { toSchema } from '../schema/keywords.ts'
import { createReferences } from '../schema/references.ts'
import { checkLocale, fakerFor } from './faker.ts'
import { createGraph, type Mode, type SchemaNode } from './node.ts'
import { again, topPlace, type Place, type Run } from './place.ts'
import { makeValue } from './value.ts'

export interface GeneratorOptions {
  /** The configuration's shared schemas, which `#/schemas/Name` refers to. */
  schemas: Readonly<Record<string, JsonSchema>>
  /** Language of names and addresses, as Faker calls it: `de`, `pt_BR`. Default: `en`. */
  locale?: string
  /** Which side of the exchange: a response has no `writeOnly` properties, a request no `readOnly` ones. Default: response. */
  mode?: Mode
}

export interface Generated {
  value: unknown
  /** Whether the value is valid; undefined when the schema refers to something that does not exist. */
  valid: boolean | undefined
  /** Why it is not known to be valid, one line. */
  problem?: string
}

export interface Generator {
  /** A value that is valid against the schema; the same numbers from `random` give the same value. */
  generate (schema: JsonSchema, random: Random): Generated
  /** What holds for the values of a schema. */
  node (schema: JsonSchema): SchemaNode
  /** A value that is valid for a node; the same seed gives the same value. */
  make (node: SchemaNode, seed: number, wishes?: Wishes): Generated
  /** Whether a value is valid for a node. */
  accepts (node: SchemaNode, value: unknown): boolean
  /** Loads the locale's names and words, about 60 ms, which otherwise the first value waits for. */
  warm (): void
}

export interface Wishes {
  /** What should be in the value, as far as that is valid: of an object, some of its properties. */
  given?: unknown
  /** What the value is called, as a property would be. */
  key?: string
  /** How many values it is made of, about. Default: 250. */
  budget?: number
  /** Whether to leave examples and defaults alone. */
  fresh?: boolean
  /** Which of several like it: only the first, 0, has the identifiers that the examples have. Default: 0. */
  index?: number
}

/** How many values a body is made of, about: past this, only what is required is added. */
const BUDGET = 250
/** Where a body stops even if more is required. */
const MOST_VALUES = 20_000
/** Values that are made for one body and not all kept: tries within tries multiply. */
const MOST_TRIED = 100_000
const DEEPEST = 64
const ATTEMPTS = 9
/** Retries within one body, in all its parts together. */
const RETRIES = 64

/**
 * Makes values for JSON Schemas (draft 2020-12). Nothing is prepared ahead, and what is prepared for one schema is kept:
 * create one generator for each configuration.
 *
 * @throws MOCK_ERR_LOCALE_UNKNOWN
 * @example
 * const generator = createGenerator({ schemas: { User: { type: 'object', properties: { email: { type: 'string', format: 'email' } } } } })
 * generator.generate({ $ref: '#/schemas/User' }, createRandom(1)).value // { email: 'ada.lovelace@example.com' }
 */
export function createGenerator ({ schemas, locale = 'en', mode = 'response' }: GeneratorOptions): Generator {
  checkLocale(locale)
  const references = createReferences(schemas)
  const graph = createGraph(references, mode)
  const checker = createChecker(references, (owner, name) => owner.some(part => graph.node(part).property(name).hidden))

  function createRun (dangling: Set<string>): Run {
    let tried = 0
    const run: Run = {
      made: 0,
      gaveUp: 0,
      retries: RETRIES,
      faker: random => fakerFor(locale, random),
      accepts: (node, value) => checker.check(value, node.parts).length === 0,
      value (node, place) {
        if (run.made >= MOST_VALUES || place.depth >= DEEPEST || ++tried > MOST_TRIED) {
          run.gaveUp++
          return null
        }
        const { constraints } = node
        for (const ref of constraints.dangling) dangling.add(ref)
        if (!constraints.risky) {
          // What is right by construction is not checked again at each level.
          const { made, gaveUp } = run
          const value = makeValue(node, place)
          if (run.gaveUp === gaveUp || constraints.choices.length === 0) return value
          run.made = made
          run.gaveUp = gaveUp
        }
        return leastWrong(node, place)
      }
    }
    return run
  }

  /** The first valid one of several tries, else the one with the fewest things wrong. */
  function leastWrong (node: SchemaNode, place: Place): unknown {
    const { run } = place
    const { made, gaveUp } = run
    let best: { value: unknown, wrong: number, made: number } | undefined
    for (let attempt = 0; attempt === 0 || (attempt < ATTEMPTS && run.retries-- > 0); attempt++) {
      run.made = made
      const value = makeValue(node, again(place, attempt))
      const wrong = checker.check(value, node.parts).length
      if (best === undefined || wrong < best.wrong) best = { value, wrong, made: run.made }
      if (wrong === 0) break
    }
    run.made = best?.made ?? made
    run.gaveUp = best?.wrong === 0 ? gaveUp : gaveUp + 1
    return best?.value
  }

  function nodeOf (schema: JsonSchema): SchemaNode {
    const known = toSchema(schema)
    return graph.node({ schema: known, root: known })
  }

  function make (node: SchemaNode, seed: number, { given, ...wishes }: Wishes = {}): Generated {
    const dangling = new Set<string>()
    const run = createRun(dangling)
    const value = run.value(node, topPlace(run, node, seed, { budget: BUDGET, given, ...wishes }))
    const violations = checker.check(value, node.parts)
    if (violations.length > 0 && given !== undefined) return make(node, seed, wishes)
    return judge(value, violations, node, dangling)
  }

  return {
    generate: (schema, random) => make(nodeOf(schema), random.int(0, 0xFFFFFFFF)),
    node: nodeOf,
    make,
    accepts: (node, value) => checker.check(value, node.parts).length === 0,
    warm () {
      fakerFor(locale, { next: () => 0, int: min => min, pick: items => items[0]! })
    }
  }
}

function judge (value: unknown, violations: readonly Violation[], node: SchemaNode, dangling: ReadonlySet<string>): Generated {
  const [first] = violations
  if (first !== undefined) {
    const reason = node.depth === Infinity ? 'no value that ends can satisfy this schema' : 'no valid value was found'
    return { value, valid: false, problem: `${reason}: ${first.pointer === '' ? 'the value' : first.pointer} does not satisfy '${first.keyword}'` }
  }
  const [ref] = dangling
  if (ref !== undefined) return { value, valid: undefined, problem: `the reference '${ref}' leads nowhere, so anything is taken to be allowed there` }
  return { value, valid: true }
}
