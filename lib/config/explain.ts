import { child } from '../json-pointer.ts'
import { isObject } from '../schema/subschemas.ts'
import { describeSchema, describeValue, listOf, quote } from './describe.ts'
import { acceptsType, memberHint, objectHint, slashHint, typeHint } from './hints.ts'
import { nearest } from './nearest.ts'
import type { Finding } from './report.ts'
import { schemasAt } from './schema-at.ts'
import { knownKeys, shapeErrors, type ShapeError } from './shape.ts'

/**
 * Turns Ajv's errors into findings for people. A union is told by the branch that was most likely meant, not by all that the
 * other branches miss.
 */
export function * explain (errors: readonly ShapeError[], pointer: string): Generator<Finding> {
  const kept = outermost(errors)
  const suggested = new Set<string>()
  for (const error of kept) {
    if (error.keyword === 'additionalProperties') suggested.add(child(error.instancePath, suggestion(error) ?? ''))
  }
  for (const error of kept) {
    const at = pointer + error.instancePath
    // That a condition holds is told by what it asks for.
    if (error.keyword === 'if') continue
    // Who wrote `url` for `path` need not be told as well that `path` is missing.
    if (error.keyword === 'required' && suggested.has(child(error.instancePath, missing(error)))) continue
    if (error.keyword === 'anyOf' || error.keyword === 'oneOf') yield * explainUnion(error, at)
    else yield finding(error, at)
  }
}

/** Without what the branches of a union say: it stands directly before the error of the union itself. */
function outermost (errors: readonly ShapeError[]): ShapeError[] {
  const kept: ShapeError[] = []
  for (let index = errors.length - 1; index >= 0; index--) {
    const error = errors[index]!
    kept.push(error)
    if (error.keyword !== 'anyOf' && error.keyword !== 'oneOf') continue
    while (index > 0 && within(errors[index - 1]!.instancePath, error.instancePath)) index--
  }
  return kept.reverse()
}

const within = (path: string, parent: string): boolean => path === parent || path.startsWith(`${parent}/`)

const parameter = (error: ShapeError, name: string): string => {
  const params: unknown = error.params
  return isObject(params) ? String(params[name]) : ''
}
const unknownKey = (error: ShapeError): string => parameter(error, 'additionalProperty')
const missing = (error: ShapeError): string => parameter(error, 'missingProperty')
const suggestion = (error: ShapeError): string | undefined => nearest(unknownKey(error), knownKeys(error.parentSchema))

function finding (error: ShapeError, pointer: string): Finding {
  const { keyword, data, schema, parentSchema } = error
  const found = describeValue(data)
  switch (keyword) {
    case 'additionalProperties': {
      const key = unknownKey(error)
      const near = suggestion(error)
      const hint = memberHint(key, near, parentSchema, pointer) ?? (near === undefined ? otherPlace(key, parentSchema) : `did you mean '${near}'?`)
      return { code: 'unknown-key', message: `unknown key ${quote(key)}`, hint, pointer: child(pointer, key), target: 'key' }
    }
    case 'required':
      return { code: 'missing-key', message: `'${missing(error)}' is missing`, pointer }
    case 'type':
      return { code: 'wrong-type', message: `expected ${describeSchema(parentSchema)}, found ${found}`, hint: typeHint(parentSchema, data, pointer) ?? objectHint(parentSchema, data), pointer }
    case 'const':
    case 'enum':
      return literal(Array.isArray(schema) ? schema : [schema], data, pointer, parentSchema)
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
    case 'multipleOf':
      return { code: 'out-of-range', message: `expected ${range(parentSchema)}, found ${found}`, pointer }
    case 'minLength':
    case 'minItems':
    case 'minProperties':
      return { code: 'empty', message: 'must not be empty', pointer }
    case 'pattern': {
      const wanted = isObject(parentSchema) ? parentSchema.patternErrorMessage : undefined
      const message = typeof wanted === 'string' ? `expected ${wanted}, found ${quote(data)}` : `${quote(data)} does not match ${quote(schema)}`
      return { code: 'bad-format', message, hint: slashHint(schema, data), pointer }
    }
    default:
      return { code: 'invalid', message: error.message ?? `does not fit (${keyword})`, pointer }
  }
}

function literal (values: readonly unknown[], data: unknown, pointer: string, schema?: unknown): Finding {
  const near = typeof data === 'string' ? nearest(data, values.filter(value => typeof value === 'string')) : undefined
  return {
    code: 'unknown-value',
    message: `expected ${listOf(values.map(quote))}, found ${describeValue(data)}`,
    hint: near === undefined ? valueHint(schema) : `did you mean '${near}'?`,
    pointer
  }
}

/** What a schema itself says to those who write another value. */
const valueHint = (schema: unknown): string | undefined => isObject(schema) && typeof schema.valueHint === 'string' ? schema.valueHint : undefined

function range (schema: unknown): string {
  if (!isObject(schema)) return 'another number'
  const { minimum: low, maximum: high, exclusiveMinimum: above, multipleOf } = schema
  const what = schema.type === 'integer' ? 'a whole number' : 'a number'
  if (low !== undefined && high !== undefined) return `${what} from ${quote(low)} to ${quote(high)}`
  if (low !== undefined) return `${what} of at least ${quote(low)}`
  if (high !== undefined) return `${what} of at most ${quote(high)}`
  if (above !== undefined) return `${what} above ${quote(above)}`
  return `${what} that suits (multiple of ${quote(multipleOf)})`
}

const ENDPOINT = ['endpoints', '0']
const HOMES = [
  ['the top level', []], ['`defaults`', ['defaults']], ['an endpoint', ENDPOINT], ['`responses`', [...ENDPOINT, 'responses', '0']],
  ['`failure`', [...ENDPOINT, 'failure']], ['`schema`', [...ENDPOINT, 'schema']], ['`log`', ['log']], ['`control`', ['control']]
] as const

/** Where a key would be right that is wrong here. */
function otherPlace (key: string, schema: unknown): string | undefined {
  const homes = HOMES.filter(([, path]) => schemasAt(path).some(schema => knownKeys(schema).includes(key))).map(([name]) => name)
  if (homes.length > 0) return `'${key}' belongs in ${listOf(homes)}`
  const keys = knownKeys(schema)
  return keys.length > 0 && keys.length <= 6 ? `known keys: ${keys.join(', ')}` : undefined
}

/**
 * A value that fits no branch: by its type, by the literal that tells the branches apart (`distribution`), or else by the
 * branch that is nearest.
 */
function * explainUnion (error: ShapeError, pointer: string): Generator<Finding> {
  const { data, schema, parentSchema } = error
  const branches: object[] = Array.isArray(schema) ? schema.filter(isObject) : []
  const fitting = branches.filter(branch => acceptsType(branch, data))
  if (fitting.length === 0) {
    const literals = branches.map(literalsOf)
    if (literals.every(values => values.length > 0)) yield literal(literals.flat(), data, pointer)
    else yield { code: 'wrong-type', message: `expected ${describeSchema(parentSchema)}, found ${describeValue(data)}`, hint: unionHint(branches, data, pointer) ?? nearestLiteral(literals.flat(), data), pointer }
    return
  }
  const tag = isObject(data) ? unknownTag(fitting, data) : undefined
  if (tag !== undefined) {
    yield literal(tag.values, tag.found, child(pointer, tag.key))
    return
  }
  let best: { errors: readonly ShapeError[], cost: number } | undefined
  for (const branch of fitting) {
    const errors = shapeErrors.branch(branch, data)
    const cost = outermost(errors).reduce((sum, error) => sum + costOf(error), 0)
    if (best === undefined || cost < best.cost) best = { errors, cost }
  }
  if (best !== undefined) yield * explain(best.errors, pointer)
}

const COSTS: Readonly<Record<string, number>> = { const: 10, additionalProperties: 3, required: 3 }

/** How much an error speaks against its branch: a mistake deep inside means that the rest was right. */
const costOf = ({ keyword, instancePath }: ShapeError): number => (COSTS[keyword] ?? 1) / instancePath.split('/').length

function unionHint (branches: readonly object[], data: unknown, pointer: string): string | undefined {
  for (const branch of branches) {
    const hint = typeHint(branch, data, pointer)
    if (hint !== undefined) return hint
  }
  // Where all of them are objects, the first is the one that most people want.
  return branches.every(branch => isObject(branch) && branch.type === 'object') ? objectHint(branches[0], data) : undefined
}

/** Of a union of words and something longer, the word that was meant. */
function nearestLiteral (literals: readonly unknown[], data: unknown): string | undefined {
  const near = typeof data === 'string' ? nearest(data, literals.filter(value => typeof value === 'string')) : undefined
  return near === undefined ? undefined : `did you mean '${near}'?`
}

function literalsOf (schema: unknown): readonly unknown[] {
  if (!isObject(schema)) return []
  if ('const' in schema) return [schema.const]
  return Array.isArray(schema.enum) ? schema.enum : []
}

/** A key whose value names none of the branches that are told apart by it. */
function unknownTag (branches: readonly object[], data: Readonly<Record<string, unknown>>) {
  const tags = new Map<string, unknown[]>()
  for (const branch of branches) {
    if (!isObject(branch) || !isObject(branch.properties)) continue
    for (const [key, schema] of Object.entries(branch.properties)) {
      if (isObject(schema) && 'const' in schema && key in data) tags.set(key, [...tags.get(key) ?? [], schema.const])
    }
  }
  for (const [key, values] of tags) {
    if (!values.includes(data[key])) return { key, values, found: data[key] }
  }
  return undefined
}
