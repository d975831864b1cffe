import type { Config, JsonSchema } from '../config.ts'
import { escapeToken } from '../json-pointer.ts'
import type { Source } from '../schema/compiler.ts'
import { toNames, typeOf, typesOf } from '../schema/keywords.ts'
import { createReferences, type References } from '../schema/references.ts'
import { hiddenNames, sharedName, stillRequired, type Direction } from '../schema/shared-refs.ts'
import { isObject } from '../schema/subschemas.ts'
import { convertText } from './convert-text.ts'
import { findChoices } from './find-choices.ts'
import { findInArray } from './find-in-array.ts'
import { findInObject } from './find-in-object.ts'
import { findInNumber, findInText, findValues } from './find-scalars.ts'
import { fault, type Finding, type Here, type Placed, type Spoken, type Walk } from './walk.ts'

/** So many are told of one request; a body may hold a million mistakes. */
const MAX_FINDINGS = 50
const MAX_STEPS_DEEP = 500

export type Finder = (schema: JsonSchema, value: unknown, options: { source: Source, at: string, direction?: Direction }) => Finding[]

/**
 * Finds everything that is wrong with a value which a validator has refused, and where in the schemas it says so. The validators
 * stop at the first mistake, as that is fastest; this walks the value by the schemas as they are configured, compiles nothing,
 * and stops after 50 mistakes. It is for telling only: whether a value fits, the validator has said.
 *
 * @param shared the configuration's `schemas`
 */
export function createFinder (shared: Config['schemas'] = {}): Finder {
  const references = createReferences(shared)
  return (schema, value, { source, at, direction = 'request' }) => {
    const findings: Finding[] = []
    walkOf(findings, source === 'text', direction, references, shared).step({ schema, root: schema, place: at }, value, '')
    return findings
  }
}

function walkOf (findings: Finding[], isText: boolean, direction: Direction, references: References, shared: NonNullable<Config['schemas']>): Walk {
  let depth = 0
  const walk: Walk = {
    isText,
    direction,
    findings,
    hidden: new Map(),
    isFull: () => findings.length >= MAX_FINDINGS,
    step (at, value, path, spoken) {
      if (depth >= MAX_STEPS_DEEP || walk.isFull()) return
      depth++
      visit(walk, at, value, path, spoken, shared)
      depth--
    },
    try (at, value, path, spoken) {
      if (depth >= MAX_STEPS_DEEP) return []
      const tried: Finding[] = []
      const other = walkOf(tried, isText, direction, references, shared)
      depth++
      other.step(at, value, path, spoken)
      depth--
      return tried
    },
    follow (ref, { root, place }) {
      const target = references.resolve(ref, root)
      return target === undefined ? undefined : { ...target, place: placeOf(ref, place) }
    }
  }
  return walk
}

/** Where a reference leads: to a shared schema, or to another place of the same root. */
function placeOf (ref: string, from: string): string {
  const target = sharedName(ref)
  if (target !== undefined) return `#/schemas/${escapeToken(target.name)}${target.rest}`
  const [, root = ''] = /^(#\/schemas\/[^/]*|schema\/\w+)/.exec(from) ?? []
  return ref.startsWith('#/') ? root + ref.slice(1) : root
}

function visit (walk: Walk, at: Placed, value: unknown, path: string, spoken: Spoken | undefined, shared: NonNullable<Config['schemas']>): void {
  const { schema } = at
  if (!isObject(schema)) {
    if (!schema) fault(walk, { ...at, schema: {} }, 'false', path, 'must not be there', undefined, 'nothing')
    return
  }
  if (walk.isText && value === '' && schema.allowEmptyValue === true) return
  const here: Here = { ...at, schema }
  const tracks = schema.unevaluatedProperties !== undefined || schema.unevaluatedItems !== undefined
  const own = tracks ? { names: new Set<string>(), items: new Set<number>() } : spoken

  const types = typesOf(schema)
  const type = typeOf(value)
  const fits = types === undefined || (type !== undefined && (types.includes(type) || (type === 'integer' && types.includes('number'))))
  const converted = !fits && walk.isText && types !== undefined ? convertText(value, types) : value
  if (!fits && converted === value) {
    const words = types.join(',')
    return fault(walk, here, 'type', path, `must be ${words}`, value, types.length === 1 ? types[0] : types)
  }
  findValues(walk, here, converted, path)
  if (typeof converted === 'number') findInNumber(walk, here, converted, path)
  else if (typeof converted === 'string') findInText(walk, here, converted, path)

  for (const ref of [schema.$ref, schema.$dynamicRef]) {
    const target = typeof ref === 'string' ? walk.follow(ref, here) : undefined
    if (target !== undefined) walk.step(target, converted, path, own)
  }
  const around = walk.hidden.get(path) ?? NONE
  if (Array.isArray(schema.allOf)) walk.hidden.set(path, new Set([...around, ...hiddenNames(schema, walk.direction, shared)]))
  findChoices(walk, here, converted, path, own)
  walk.hidden.set(path, around)

  if (Array.isArray(converted)) findInArray(walk, here, converted, path, own)
  else if (isObject(converted)) findInObject(walk, here, converted, path, toNames(stillRequired(schema, walk.direction, shared, around)), own)

  if (tracks && spoken !== undefined && own !== undefined) {
    for (const name of own.names) spoken.names.add(name)
    for (const index of own.items) spoken.items.add(index)
  }
}

const NONE: ReadonlySet<string> = new Set()
