import { readFile as readFromDisk, realpath } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Config, Defaults, Documents, References } from '../config.ts'
import type { Diagnostic } from '../diagnostic.ts'
import { child } from '../json-pointer.ts'
import { messageOf } from '../message-of.ts'
import { findExcessInConfig } from './bounds.ts'
import { checkConfig, type Checked } from './check.ts'
import { databaseConfig, databasePlace, isDatabase } from './database.ts'
import { mergeDefaults } from './defaults.ts'
import { quote } from './describe.ts'
import { substituteEnv, type Env } from './env.ts'
import { importUnit, type ImportOpenApi } from './import-unit.ts'
import { nearestFile, resolveInclude } from './include.ts'
import { placeAt, type Place } from './place.ts'
import { isAddress, readAddress } from './read-address.ts'
import { extendedBy, isOverlay } from './overlay-source.ts'
import type { Report } from './report.ts'
import { runInSlices } from './slices.ts'
import { parseSource, tooDeep, type Source } from './source.ts'
import type { Unit } from './unit.ts'
import { asConfig, placeOf } from './validate.ts'

export interface ReadOptions {
  /** Absolute: what the paths of a configuration given in code are relative to. */
  cwd: string
  env?: Env
  readFile?: (path: string) => Promise<string>
  /** Texts by the names that `include` has for them, instead of files. */
  texts?: Readonly<Record<string, string>>
  readAddress?: typeof readAddress
  importOpenApi?: ImportOpenApi
  signal?: AbortSignal
}

/** A file that is being read, or the code at the root, with what it hands down. */
interface Parent {
  folder: string
  defaults: Defaults | undefined
  /** What its documents may refer to. */
  references?: References | undefined
  /** How its documents are read. */
  documents?: Documents | undefined
  /** Real paths from the root to here: meeting one again is a cycle. */
  chain: readonly string[]
}

/**
 * Reads a configuration and all that it includes: each file once, itself before its includes, these in the order in which they
 * are written. What is wrong is reported, and the rest is read all the same. `databases` are those of the files that hold data alone.
 */
export async function readUnits (input: unknown, options: ReadOptions, report: Report): Promise<{ units: Unit[], files: string[], databases: string[] }> {
  const { cwd, env = {}, readFile = path => readFromDisk(path, 'utf8'), texts = {}, readAddress: readFrom = readAddress, importOpenApi, signal } = options
  const units: Unit[] = []
  const files: string[] = []
  const databases: string[] = []
  const seen = new Set<string>()

  const root = asConfig(input)
  const place = placeOf(input)
  const excess = await runInSlices(findExcessInConfig(root), signal)
  if (excess === undefined) await take(root, place, undefined, { folder: cwd, defaults: undefined, chain: [] })
  else report.take([tooDeep(excess.pointer)])
  return { units, files, databases }

  /** Checks a configuration, then reads what it includes. */
  async function take (value: unknown, place: Place, file: string | undefined, parent: Parent): Promise<void> {
    const checked = await runInSlices(checkConfig(value, place, report), signal)
    if (checked.config === undefined) return
    const unit = unitOf(checked, checked.config, place, file, parent, false)
    units.push(unit)
    const references = absolute(checked.config.references, unit.folder) ?? parent.references
    const documents = documentsOf(checked.config.documents, parent.documents, unit.folder)
    for (const [index, pattern] of (checked.config.include ?? []).entries()) {
      await include(pattern, child('/include', index), unit, { chain: parent.chain, references, documents })
    }
  }

  async function include (pattern: string, pointer: string, unit: Unit, { chain, references, documents }: Pick<Parent, 'chain' | 'references' | 'documents'>): Promise<void> {
    signal?.throwIfAborted()
    const parent = { defaults: unit.defaults, references, documents }
    const text = Object.hasOwn(texts, pattern) ? texts[pattern] : undefined
    if (text !== undefined) {
      const path = resolve(unit.folder, pattern)
      return await takeSource(parseSource(text, { file: path }), path, { ...parent, folder: unit.folder, chain })
    }
    if (isAddress(pattern)) return await includeAddress(pattern, pointer, unit, { ...parent, chain })
    const found = await resolveInclude(pattern, unit.folder, signal)
    if (found.searched && found.files.length === 0) {
      report.add({ code: 'no-match', message: `no file matches ${quote(pattern)}`, hint: `it is looked for in ${unit.folder}`, pointer }, unit.place)
    }
    for (const path of found.files) {
      const real = await realpath(path).catch(() => path)
      if (chain.includes(real)) {
        // A pattern may well match the file that it stands in; naming it is a mistake.
        if (!found.searched) report.add({ code: 'include-cycle', message: `${quote(pattern)} includes itself: ${[...chain.slice(chain.indexOf(real)), real].join(' -> ')}`, pointer }, unit.place)
        continue
      }
      if (seen.has(real)) continue
      seen.add(real)
      const source = await read(path, pattern, pointer, unit)
      if (source !== undefined) await takeSource(source, path, { ...parent, folder: dirname(path), chain: [...chain, real] })
    }
  }

  /** A document from the web; a configuration could name files of this machine, so it has to be one of them. */
  async function includeAddress (address: string, pointer: string, unit: Unit, parent: Omit<Parent, 'folder'>): Promise<void> {
    if (seen.has(address)) return
    seen.add(address)
    try {
      const { text, url } = await readFrom(address, signal)
      const source = parseSource(text, { file: url })
      if (source.errors.length > 0 || source.kind === 'openapi') return await takeSource(source, url, { ...parent, folder: unit.folder })
      report.add({ code: 'remote-config', message: `${quote(address)} is no OpenAPI document`, hint: 'of configurations, only files are read: download it first', pointer }, unit.place)
    } catch (error) {
      signal?.throwIfAborted()
      report.add({ code: 'unreadable', message: `${quote(address)} cannot be read: ${messageOf(error)}`, hint: 'check the address, or download the document first', pointer }, unit.place)
    }
  }

  async function read (path: string, pattern: string, pointer: string, unit: Unit): Promise<Source | undefined> {
    try {
      // Also when it is not there: whoever watches the files wants to know when it comes.
      files.push(path)
      return parseSource(await readFile(path), { file: path })
    } catch (error) {
      const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
      const message = missing ? `there is no file ${quote(pattern)}` : `${quote(pattern)} cannot be read: ${messageOf(error)}`
      const near = missing ? await nearestFile(path) : undefined
      const remedy = `it is looked for at ${path}`
      report.add({ code: missing ? 'no-file' : 'unreadable', message, hint: near === undefined ? remedy : `did you mean '${near}'?`, pointer }, unit.place)
      return undefined
    }
  }

  async function takeSource (source: Source, path: string, parent: Parent): Promise<void> {
    report.take(source.errors)
    report.take(source.warnings)
    if (source.errors.length > 0) return
    if (source.kind === 'openapi') {
      // Also when one is not there, or wrong: whoever watches the files wants to know when it is mended.
      files.push(...(parent.documents?.overlays ?? []).filter(other => !files.includes(other)))
      const imported = await importUnit(source, path, importOpenApi, { references: parent.references, documents: parent.documents }, report, signal)
      if (imported === undefined) return
      files.push(...imported.files.filter(other => other !== path && !files.includes(other)))
      units.push(unitOf(imported.checked, imported.config, imported.place, path, parent, true))
      return
    }
    if (isOverlay(source.value)) return await takeOverlay(source, path, parent)
    if (isDatabase(source.value)) {
      databases.push(path)
      return await take(databaseConfig(source.value), databasePlace(placeOf(source.value, source.locate, path)), path, parent)
    }
    const place = placeOf(source.value, source.locate, path)
    const config = asConfig(source.value)
    const value = source.text.includes('${') ? substituteEnv(config, env, (name, at) => report.take([missingVariable(name, at, place)])) : config
    await take(value, place, path, parent)
  }

  /** An overlay that is included stands for the document that it extends. */
  async function takeOverlay (source: Source, path: string, parent: Parent): Promise<void> {
    const place = placeOf(source.value, source.locate, path)
    const target = extendedBy(source.value)
    if (target === undefined) {
      report.add({ code: 'overlay-alone', message: 'this is an OpenAPI overlay, and says no document that it `extends`', hint: "name it under 'documents.overlays', or with --overlay", pointer: '' }, place)
      return
    }
    const unit: Unit = { folder: dirname(path), place, config: {}, entries: [], defaults: parent.defaults, imported: false, file: path }
    const documents = documentsOf({ overlays: [path] }, parent.documents, unit.folder)
    await include(target, '/extends', unit, { chain: parent.chain, references: parent.references, documents })
  }
}

/** How documents are read: as the outermost file says; their overlays are those of all files, the innermost first. */
function documentsOf (own: Documents = {}, outer: Documents = {}, base: string): Documents {
  const overlays = [...(own.overlays ?? []).map(path => resolve(base, path)), ...outer.overlays ?? []]
  return { ...own, ...outer, ...overlays.length > 0 && { overlays } }
}

function absolute (references: References | undefined, base: string): References | undefined {
  if (references === undefined) return undefined
  const { folder, cache } = references
  return { ...references, ...folder !== undefined && { folder: resolve(base, folder) }, ...cache !== undefined && { cache: resolve(base, cache) } }
}

function missingVariable (name: string, path: readonly string[], place: Place): Diagnostic {
  return {
    severity: 'error',
    code: 'missing-variable',
    message: `the environment variable ${name} is not set`,
    hint: `set it, or give a default: \${${name}:-…}; a literal \${ is written $\${`,
    ...placeAt(place, path.reduce(child, ''))
  }
}

function unitOf ({ entries }: Checked, config: Config, place: Place, file: string | undefined, parent: Parent, imported: boolean): Unit {
  const unit: Unit = { folder: parent.folder, place, config, entries, defaults: mergeDefaults(config.defaults, parent.defaults), imported }
  if (file !== undefined) unit.file = file
  return unit
}
