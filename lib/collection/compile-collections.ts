import { identified } from '../compile.ts'
import type { CollectionOptions, Config, JsonSchema } from '../config.ts'
import type { LoadedConfig } from '../config/load.ts'
import type { LoadedCollection } from '../config/read-seeds.ts'
import type { Diagnostic } from '../diagnostic.ts'
import { messageOf } from '../message-of.ts'
import { createRandom, seedOf } from '../random.ts'
import { givenSeed } from '../run-seed.ts'
import { collectionOf, resourceOptions } from '../resource/address.ts'
import { hasManyOf } from '../resource/relations.ts'
import type { SchemaCompiler } from '../schema/compiler.ts'
import type { Templates } from '../template/engine.ts'
import { TemplateError } from '../template/error.ts'
import { createFinder } from '../violation/find.ts'
import type { Violation } from '../violation/violation.ts'
import type { Row, RowId } from './collection.ts'
import { defineCollection, fingerprintOf, settleDefinition } from './define-collection.ts'
import type { CollectionDefinition, MakeId } from './definition.ts'
import { ID_KINDS } from './make-id.ts'
import { templateContext } from './template-context.ts'

export interface CollectionTools {
  readonly templates: Templates
  readonly compiler: SchemaCompiler
  /** A value for a schema; the same key gives the same value. */
  readonly generate: (schema: JsonSchema, key: string) => unknown
}

/** Collections that were compiled before, with what of the configuration they depend on beyond themselves. */
const known = new WeakMap<LoadedCollection, { definition: CollectionDefinition, compiler: SchemaCompiler, seed: Config['seed'] }>()

/**
 * Compiles all collections of a configuration, and makes their rows where they are to be made. What is wrong with them is collected,
 * each with its place. Those that only resources name start empty. Offers pauses.
 */
export function * compileCollections (loaded: LoadedConfig, tools: CollectionTools): Generator<void, { definitions: CollectionDefinition[], diagnostics: Diagnostic[] }> {
  const { config } = loaded
  const diagnostics: Diagnostic[] = []
  const definitions = new Map<string, CollectionDefinition>()
  for (const [name, collection] of loaded.collections) {
    const before = known.get(collection)
    const had = diagnostics.length
    const definition = before?.compiler === tools.compiler && before.seed === config.seed
      ? before.definition
      : yield * compileCollection(collection, config, tools, diagnostics)
    if (diagnostics.length === had) known.set(collection, { definition, compiler: tools.compiler, seed: config.seed })
    definitions.set(name, definition)
  }
  for (const name of namedByResources(config)) if (!definitions.has(name)) definitions.set(name, defineCollection(name, { seed: givenSeed(config.seed) ?? 0 }))
  return { definitions: [...definitions.values()], diagnostics }
}

function * compileCollection (loaded: LoadedCollection, config: Config, tools: CollectionTools, diagnostics: Diagnostic[]): Generator<void, CollectionDefinition> {
  const { name, options } = loaded
  const { id: idKey = 'id', unique = [], schema, soft_delete: softDelete = false } = options
  const seed = givenSeed(config.seed) ?? 0
  const tell = (message: string, at: ReturnType<LoadedCollection['place']>, code = 'bad-row') => diagnostics.push({ severity: 'error', code, message, ...at })
  const ids = compileIds(options, name, tools.templates, message => tell(message, loaded.place(undefined, '/ids'), 'bad-template'))
  const rows = loaded.rows ?? (yield * makeRows(loaded, seed, tools, (message, at) => tell(message, at, 'bad-template')))
  return yield * settleDefinition(name, {
    rows,
    idKey,
    ...ids !== undefined && { ids },
    unique: unique.map(properties => [properties].flat()),
    judge: schema === undefined ? undefined : judgeOf(schema, config, tools.compiler),
    timestamps: timestampsOf(options),
    softDelete: softDelete === true ? 'deleted_at' : softDelete === false ? undefined : softDelete,
    seed,
    fingerprint: loaded.fingerprint ?? (yield * fingerprintOfRows(loaded, seed))
  }, ({ index, pointer, message }) => tell(`row ${index + 1} of '${name}': ${message}`, loaded.rows === undefined ? loaded.place() : loaded.place(index, pointer)))
}

/** The same rows are made of the same template, schema and seed. */
function * fingerprintOfRows ({ rows, options: { count, row, schema } }: LoadedCollection, seed: number | string): Generator<void, string> {
  if (rows === undefined) return fingerprintOf({ count, row, schema, seed })
  let all = ''
  for (const [index, row] of rows.entries()) {
    all = fingerprintOf([all, row])
    if (index % 500 === 499) yield
  }
  return all
}

function * makeRows ({ name, options, place }: LoadedCollection, seed: number | string, { templates, generate }: CollectionTools, tell: (message: string, at: ReturnType<LoadedCollection['place']>) => void): Generator<void, unknown[]> {
  const { count = 0, row, schema = true } = options
  const rows: unknown[] = []
  try {
    const template = row === undefined ? undefined : templates.value(row)
    for (let index = 0; index < count; index++) {
      const variables = { index, number: index + 1 }
      rows.push(template === undefined
        ? generate(schema, `collection ${name} ${index}`)
        : template.render(templateContext(createRandom(seedOf(seed, 'rows', name, index)), variables)))
      if (index % 20 === 19) yield
    }
  } catch (error) {
    tell(messageOf(error), place(undefined, `/row${error instanceof TemplateError ? error.pointer ?? '' : ''}`))
  }
  return rows
}

function compileIds ({ ids }: CollectionOptions, name: string, templates: Templates, tell: (message: string) => void): MakeId | keyof typeof ID_KINDS | undefined {
  if (ids === undefined || ids === 'increment' || ids === 'uuid' || ids === 'nanoid') return ids
  try {
    const template = templates.value(ids)
    return ({ ordinal, random }): RowId => {
      const id = template.render(templateContext(random, { number: ordinal }))
      return typeof id === 'number' ? id : String(id ?? '')
    }
  } catch (error) {
    tell(`the ids of '${name}': ${messageOf(error)}`)
    return undefined
  }
}

function timestampsOf ({ timestamps }: CollectionOptions): CollectionDefinition['timestamps'] {
  if (timestamps === undefined || timestamps === false) return undefined
  return timestamps === true ? { created: 'created_at', updated: 'updated_at' } : timestamps
}

/** Rows are what answers give: what only requests may have (`writeOnly`) is left aside, and what only answers have is not. */
function judgeOf (schema: JsonSchema, { schemas }: Config, compiler: SchemaCompiler): (row: Row) => readonly Violation[] {
  const validate = compiler.validator(schema, 'json', 'response')
  const find = createFinder(schemas)
  return row => {
    if (validate(row)) return []
    const findings = find(schema, row, { source: 'json', at: 'schema', direction: 'response' })
    if (findings.length > 0) return findings.map(finding => ({ in: 'body', ...finding }))
    const [error] = validate.errors ?? []
    return [{ in: 'body', pointer: error?.instancePath ?? '', rule: error?.keyword ?? 'schema', expected: error?.params, message: error?.message ?? 'does not fit its schema' }]
  }
}

/** Names of the collections that resources serve, their own and those of their relations. */
export function namedByResources (config: Config): Set<string> {
  return new Set(identified(config).flatMap(endpoint => {
    const options = resourceOptions(endpoint)
    if (options === undefined) return []
    const collection = collectionOf(endpoint)
    return [collection, ...hasManyOf(collection, options).map(relation => relation.collection)]
  }))
}
