import { readFile as readFromDisk } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Config, Defaults, Endpoint } from '../config.ts'
import type { Diagnostic } from '../diagnostic.ts'
import { child, tokens } from '../json-pointer.ts'
import { applyTags } from '../profile/apply-tags.ts'
import { checkBodyFiles } from './body-file-rules.ts'
import { applyDefaults } from './defaults.ts'
import { freezeCopy, freezeEndpoint, freezeOwned, freezeSchemas } from './freeze.ts'
import { createIdentifier } from './identify.ts'
import type { ImportedConfig, ImportOpenApi, OpenApiSource } from './import-unit.ts'
import { configInvalid } from './invalid.ts'
import { checkKeyFiles, settleSigningKeys } from './key-files.ts'
import { createCollectionPool, type CollectionMember } from './merge-collections.ts'
import { createSchemaPool } from './merge-schemas.ts'
import { checkSchemes, checkSecurity, createSecurityPool } from './merge-security.ts'
import { mergeServerKeys } from './merge.ts'
import { createWebhookPool, type WebhookMember } from './merge-webhooks.ts'
import { overrideImported } from './override-imported.ts'
import { checkEndpointAuth, checkPersonas } from './security-rules.ts'
import type { Position } from './place.ts'
import { sharedLimitRules } from './rate-limit-rules.ts'
import { readSeeds, type LoadedCollection } from './read-seeds.ts'
import { readUnits, type ReadOptions } from './read-units.ts'
import { mapEndpointReferences } from './references.ts'
import { oidcRules } from './oidc-rules.ts'
import { providerMembers, withOperationMethods } from './provider-members.ts'
import { profileRules } from './profile-rules.ts'
import { createReport, type Report } from './report.ts'
import { runInSlices } from './slices.ts'
import { stateRules } from './state-rules.ts'
import { checkReferences, togetherRules } from './together-rules.ts'
import type { Member, Unit } from './unit.ts'

export type { ImportedConfig, ImportOpenApi, OpenApiSource }

/** Where an endpoint comes from. */
export interface Origin {
  /** Absolute path; absent for endpoints given in code. */
  readonly file?: string
  /** Absolute: what a `file` body is relative to, and may not leave. */
  readonly folder?: string
  /** JSON pointer in that file: `/endpoints/3`; in an OpenAPI document, of the operation. */
  readonly pointer: string
  /** Whether it was made from an OpenAPI document, of which no operation may keep the others from being served. */
  readonly imported?: boolean
  /** The endpoint as it is written there, before defaults and without an id made for it; variables are filled in. */
  readonly endpoint?: Endpoint
  /** Line and column of the endpoint, or of what a pointer below it leads to. */
  locate (pointer?: string): Position | undefined
  /** The same of a keyword that a violation names: `#/schemas/Pet/required`, or below the endpoint `schema/params/required`. */
  locateRule (rule: string): Position | undefined
}

export interface LoadedConfig {
  /** Merged from all files, with ids and defaults filled in; frozen. */
  readonly config: Config
  /** Absolute paths of all files that were read, for watching. */
  readonly files: string[]
  /** Where each of `config.endpoints` comes from, in the same order. */
  readonly origins: readonly Origin[]
  /** Where each of `config.webhooks` comes from. */
  readonly webhookOrigins: ReadonlyMap<string, Origin>
  /** Where each of `config.profiles` comes from. */
  readonly profileOrigins: ReadonlyMap<string, Origin>
  /** The collections with the rows that they start with, by name. */
  readonly collections: ReadonlyMap<string, LoadedCollection>
  /** Those of `files` that are rows or keys, and no configuration. */
  readonly seedFiles: readonly string[]
  /** Which answers endpoints give because of the profile that it is served with, by id. */
  readonly situated?: ReadonlyMap<string, string>
  /** Folder that the state is kept in: absolute. */
  readonly persistFolder?: string
  /** Warnings. */
  readonly diagnostics: Diagnostic[]
}

export type LoadOptions = ReadOptions

/** Endpoints that went through here before: nothing is left to be filled in, and they keep their origin. */
const loadedBefore = new WeakMap<Endpoint, Origin>()

/**
 * Reads a configuration with all that it includes, checks it and merges it into one. An included file's endpoints follow those
 * of the file that includes it. Holds the event loop for a few milliseconds at a time only.
 *
 * Keys for the whole server count where they are set first, an including file before its includes. `defaults` are those of an
 * endpoint's own file, then those of the files that include it. Of two different schemas of one name, the later is renamed after
 * its file. An endpoint that is written replaces one of the same method and path from an OpenAPI document.
 *
 * @throws MOCK_ERR_CONFIG_INVALID with all `diagnostics` and the `files` to watch for a correction; see `isConfigInvalid`
 * @example
 * const { config, files } = await loadConfig({ include: ['mocks/*.yaml'] }, { cwd: '/work', env: { PORT: '80' } })
 */
export async function loadConfig (input: Config, options: LoadOptions): Promise<LoadedConfig> {
  const report = createReport()
  const { signal } = options
  const { units, files, databases } = await readUnits(input, options, report)
  const parts = await runInSlices(gather(units, report), signal)
  await checkBodyFiles(parts.members.filter(({ endpoint }) => !loadedBefore.has(endpoint)), report, signal)
  const { readFile = path => readFromDisk(path, 'utf8') } = options
  const { collections, seedFiles } = await readSeeds(parts.collections, { readFile, signal }, report)
  const keyFiles = await checkKeyFiles(units, report, signal)
  files.push(...keyFiles.filter(file => !files.includes(file)))
  files.push(...seedFiles.filter(file => !files.includes(file)))
  const diagnostics = report.diagnostics()
  if (report.errors > 0) throw Object.assign(configInvalid(diagnostics), { files })
  return { ...await runInSlices(complete(units, parts), signal), files, collections, seedFiles: [...seedFiles, ...databases, ...keyFiles], ...persistFolderOf(units), diagnostics }
}

/** What the files have to say, side by side. */
interface Parts {
  server: Config
  schemas: NonNullable<Config['schemas']>
  schemes: Config['security_schemes']
  members: Member[]
  webhooks: ReadonlyMap<string, WebhookMember>
  collections: ReadonlyMap<string, CollectionMember>
}

function * gather (units: readonly Unit[], report: Report): Generator<void, Parts> {
  const server = mergeServerKeys(units, report)
  const { members, schemas, schemes, webhooks, collections } = yield * gatherMembers(units, server.tags, report)
  for (const { config, imported, place } of units) {
    // What an importer leaves unresolved it has told.
    if (imported) continue
    for (const [name, schema] of Object.entries(config.schemas ?? {})) {
      checkReferences(schema, child('/schemas', name), place, schemas, report)
      yield
    }
    for (const [name, { body_schema: schema }] of Object.entries(config.webhooks ?? {})) {
      if (schema !== undefined) checkReferences(schema, `${child('/webhooks', name)}/body_schema`, place, schemas, report)
    }
    for (const [name, collection] of Object.entries(config.collections ?? {})) {
      if (!Array.isArray(collection) && collection.schema !== undefined) checkReferences(collection.schema, `${child('/collections', name)}/schema`, place, schemas, report)
    }
  }
  const kept = yield * overrideImported(members, report)
  oidcRules(server, units, kept, report)
  kept.push(...providerMembers(server, units, kept))
  yield * togetherRules(kept, schemas, report)
  stateRules(server, units, kept, report)
  sharedLimitRules(kept, report)
  profileRules(server, units, kept, report)
  for (const unit of units) {
    checkSchemes(unit, report)
    checkPersonas(unit, report)
  }
  for (const member of kept) {
    checkSecurity(member, schemes, report)
    checkEndpointAuth(member, schemes, report)
  }
  return { server, schemas, schemes, members: kept, webhooks, collections }
}

/** All endpoints with their defaults, and all schemas under names that are their own. */
function * gatherMembers (units: readonly Unit[], tags: Config['tags'], report: Report): Generator<void, Omit<Parts, 'server'>> {
  const pool = createSchemaPool()
  const security = createSecurityPool()
  const webhooks = createWebhookPool(report)
  const collections = createCollectionPool(report)
  const members: Member[] = []
  for (const unit of units) {
    const { config, file, defaults } = unit
    const visit = pool.add(config.schemas === undefined ? {} : freezeSchemas(config.schemas, settleOf(unit)), file)
    const named = security.add(config.security_schemes, unit)
    webhooks.add(unit, visit)
    yield * collections.add(unit, visit)
    for (const { endpoint: written, pointer, place, imported = false } of unit.entries) {
      const rewritten = visit === undefined ? written : mapEndpointReferences(written, visit)
      const endpoint = loadedBefore.has(written) ? written : named(applyDefaults(applyTags(withOperationMethods(rewritten), tags), defaults))
      members.push({ unit, written, endpoint, pointer, place, imported })
      yield
    }
  }
  return { members, schemas: pool.schemas, schemes: security.schemes, webhooks: webhooks.members, collections: collections.members }
}

function * complete (units: readonly Unit[], { server, schemas, schemes, members, webhooks, collections }: Parts): Generator<void, Pick<LoadedConfig, 'config' | 'origins' | 'webhookOrigins' | 'profileOrigins'>> {
  const identify = createIdentifier(members.map(({ endpoint }) => endpoint))
  const endpoints: Endpoint[] = []
  const origins: Origin[] = []
  for (const member of members) {
    const { endpoint } = member
    const before = loadedBefore.get(endpoint)
    const finished = before === undefined ? freezeEndpoint({ id: identify(endpoint), ...endpoint }, settleOf(member.unit)) : endpoint
    const origin = before ?? originOf(member)
    loadedBefore.set(finished, origin)
    endpoints.push(finished)
    origins.push(origin)
    yield
  }
  const defaults = rootDefaults(units)
  const config: Config = { ...freezeCopy({ ...server, ...settleSigningKeys(units), ...schemes !== undefined && { security_schemes: schemes }, ...defaults !== undefined && { defaults } }), endpoints }
  if (Object.keys(schemas).length > 0) config.schemas = schemas
  if (webhooks.size > 0) config.webhooks = Object.freeze(Object.fromEntries([...webhooks].map(([name, { webhook }]) => [name, webhook])))
  if (collections.size > 0) config.collections = Object.freeze(Object.fromEntries([...collections].map(([name, { collection }]) => [name, collection])))
  const webhookOrigins = new Map([...webhooks].map(([name, { unit }]) => [name, memberOrigin(unit, child('/webhooks', name))]))
  const profileOrigins = new Map(Object.keys(server.profiles ?? {}).flatMap(name => {
    const unit = units.find(({ config }) => Object.hasOwn(config.profiles ?? {}, name))
    return unit === undefined ? [] : [[name, memberOrigin(unit, child('/profiles', name))] as const]
  }))
  Object.freeze(endpoints)
  Object.freeze(schemas)
  return { config: Object.freeze(config), origins: Object.freeze(origins), webhookOrigins, profileOrigins }
}

/** Relative to the file that says so. */
function persistFolderOf (units: readonly Unit[]): { persistFolder?: string } {
  const unit = units.find(({ config }) => config.persist !== undefined)
  return unit?.config.persist === undefined ? {} : { persistFolder: resolve(unit.folder, unit.config.persist.folder) }
}

/** Those for endpoints that are added while it runs. A root that does nothing but name one file stands for that file. */
function rootDefaults ([root, main]: readonly Unit[]): Defaults | undefined {
  const [path, ...others] = root?.config.include ?? []
  const stands = root?.config.endpoints === undefined && others.length === 0 && path !== undefined && main?.file === resolve(root?.folder ?? '', path)
  return stands ? main.defaults : root?.defaults
}

function originOf ({ unit: { file, folder, config: { schemas } }, written, pointer, place, imported }: Member): Origin {
  return {
    ...file !== undefined && { file },
    folder,
    pointer: place.pointer(pointer),
    ...imported === true && { imported },
    endpoint: written,
    locate (below = '') {
      return plain(place.position(pointer + below))
    },
    locateRule (rule) {
      if (place.rule !== undefined) return plain(place.rule(pointer, rule))
      if (!rule.startsWith('#')) return plain(place.position(`${pointer}/${rule}`, 'key'))
      const [, name = ''] = tokens(rule.slice(1))
      return Object.hasOwn(schemas ?? {}, name) ? plain(place.position(rule.slice(1), 'key')) : undefined
    }
  }
}

const plain = (position: Position | undefined): Position | undefined =>
  position === undefined ? undefined : { line: position.line, column: position.column }

/** Of what is no endpoint. */
const memberOrigin = ({ file, folder, place }: Unit, pointer: string): Origin => ({
  ...file !== undefined && { file },
  folder,
  pointer: place.pointer(pointer),
  locate: (below = '') => place.position(pointer + below),
  locateRule: () => undefined
})

const settleOf = ({ file }: Unit) => file === undefined ? freezeCopy : freezeOwned
