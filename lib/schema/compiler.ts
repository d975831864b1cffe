import { Ajv2020, type ErrorObject, type KeywordDefinition, type Options, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats, { type FormatName } from 'ajv-formats'
import { isDeepStrictEqual } from 'node:util'
import type { JsonSchema } from '../config.ts'
import { linearRegExp } from './linear-regexp.ts'
import { prepare, sharedId, type Direction } from './shared-refs.ts'
import { isObject } from './subschemas.ts'
import { findTwins } from './unique-items.ts'

/**
 * What is validated decides how: `json` values have types of their own; `text` values (parameters, headers, forms) come as
 * strings and are converted, with lists made of single values and defaults filled in.
 */
export type Source = 'json' | 'text'

/** A validator in Ajv's (and so Fastify's) own shape. */
export interface Validator {
  (data: unknown): boolean
  errors?: ErrorObject[] | null
}

/** One that compiles its schema when it is first called, or before, when there is time. */
export interface LazyValidator extends Validator {
  prepare (): void
}

export interface SchemaCompiler {
  /** A validator that compiles its schema when it is first called, and never throws: an unusable schema accepts everything, and is told. */
  validator (schema: JsonSchema, source: Source, direction?: Direction): LazyValidator
  /** Compiles now; what of it cannot be enforced. Throws when all of it cannot. */
  check (schema: JsonSchema, source: Source, direction?: Direction): string[]
  /** Whether these shared schemas are the ones compiled against, so that the compiler and what it has compiled can serve on. */
  serves (shared: Readonly<Record<string, JsonSchema>> | undefined): boolean
}

// strict and validateSchema would refuse documents that are only untidy; inlining and optimising cost 2.5 to 3.5 times
// the compile time and save little at these sizes (docs/decisions/validation.md).
const COMMON: Options = {
  strict: false,
  validateSchema: false,
  inlineRefs: false,
  logger: false,
  addUsedSchema: false,
  allErrors: false,
  code: { optimize: false, regExp: linearRegExp }
}
const BY_SOURCE: Record<Source, Options> = {
  json: COMMON,
  text: { ...COMMON, coerceTypes: 'array', useDefaults: true }
}

/** Formats that are enforced; others are annotations, as JSON Schema has it by default (draft 2020-12, section 7.2.1). */
export const ENFORCED_FORMATS: readonly FormatName[] = [
  'date-time', 'date', 'time', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uri', 'uri-reference', 'uuid', 'json-pointer',
  'regex', 'byte', 'int32', 'int64', 'float', 'double'
]

/** Ajv's own compares each item with each, which stops the server for a quarter of a minute where there are twenty thousand. */
const UNIQUE_ITEMS: KeywordDefinition = {
  keyword: 'uniqueItems',
  type: 'array',
  schemaType: 'boolean',
  compile: (isWanted: boolean) => isWanted ? items => findTwins(items) === undefined : () => true,
  error: { message: 'must NOT have duplicate items' }
}

/**
 * After so many, all are forgotten, and compiled anew when asked for again. Forgetting one alone would free nothing: Ajv holds on
 * to whatever an instance has ever compiled (8.5 kB each), and to the instance as long as a validator of it is in use.
 */
const MAX_COMPILED = 5_000

/**
 * Compiles JSON Schemas lazily against the configuration's shared `schemas`. Ajv dominates the time of a reload, so nothing is
 * compiled before a request needs it, and what has been compiled is found again by its text after a reload.
 *
 * @param onProblem told once for each schema that cannot be compiled
 */
export function createSchemaCompiler (shared: Readonly<Record<string, JsonSchema>> = {}, onProblem: (error: Error, schema: JsonSchema) => void = () => {}): SchemaCompiler {
  const instances = new Map<string, { ajv: Ajv2020, added: Set<string> }>()
  const compiled = new Map<string, ValidateFunction | typeof unusable>()

  function instance (source: Source, direction: Direction) {
    const key = `${source} ${direction}`
    let found = instances.get(key)
    if (found === undefined) {
      found = { ajv: addFormats.default(new Ajv2020(BY_SOURCE[source]), [...ENFORCED_FORMATS]), added: new Set() }
      found.ajv.removeKeyword('uniqueItems').addKeyword(UNIQUE_ITEMS)
      instances.set(key, found)
    }
    return found
  }

  function compile (schema: JsonSchema, source: Source, direction: Direction, onUnusable: (reason: string) => void): ValidateFunction {
    const { ajv, added } = instance(source, direction)
    const waiting: string[] = []
    const onShared = (name: string) => {
      if (added.has(name)) return
      added.add(name)
      waiting.push(name)
    }
    const preparation = { direction, isText: source === 'text', shared, onShared, onUnusable }
    const prepared = prepare(schema, preparation)
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      const target = shared[name]
      if (target === undefined) continue
      const body = prepare(target, preparation)
      ajv.addSchema(isObject(body) ? { ...body, $id: sharedId(name) } : { $id: sharedId(name), allOf: [body] }, sharedId(name))
    }
    const validate = ajv.compile(prepared)
    // Found again by its text, not by identity.
    if (isObject(prepared)) ajv.removeSchema(prepared)
    return validate
  }

  function compileOnce (schema: JsonSchema, source: Source, direction: Direction) {
    const key = `${source} ${direction} ${JSON.stringify(schema)}`
    let validate = compiled.get(key)
    if (validate === undefined) {
      if (compiled.size >= MAX_COMPILED) {
        compiled.clear()
        instances.clear()
      }
      try {
        validate = compile(schema, source, direction, reason => onProblem(new Error(reason), schema))
      } catch (error) {
        validate = unusable
        onProblem(error instanceof Error ? error : new Error(String(error)), schema)
      }
      compiled.set(key, validate)
    }
    return validate
  }

  return {
    validator (schema, source, direction = 'request') {
      let validate: ValidateFunction | typeof unusable | undefined
      const prepare = () => (validate ??= compileOnce(schema, source, direction))
      const lazy: LazyValidator = Object.assign((data: unknown): boolean => {
        const check = validate ?? prepare()
        try {
          const valid = check(data)
          lazy.errors = check.errors ?? null
          return valid
        } catch {
          // Ajv compares objects by their `valueOf`, which may be a key that a client made up; what is wrong the finder will say.
          lazy.errors = []
          return false
        }
      }, { prepare: () => { prepare() } })
      return lazy
    },
    check (schema, source, direction = 'request') {
      const reasons: string[] = []
      compile(schema, source, direction, reason => reasons.push(reason))
      return reasons
    },
    serves: other => isDeepStrictEqual(other ?? {}, shared)
  }
}

function unusable (_data: unknown): boolean {
  return true
}
unusable.errors = null
