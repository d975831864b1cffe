import { basename, resolve } from 'node:path'
import { fingerprintOf } from '../collection/define-collection.ts'
import type { CollectionOptions } from '../config.ts'
import type { Diagnostic } from '../diagnostic.ts'
import { child } from '../json-pointer.ts'
import { messageOf } from '../message-of.ts'
import { resolveBodyFile } from './body-file.ts'
import { quote } from './describe.ts'
import { nearestFile } from './include.ts'
import type { CollectionMember } from './merge-collections.ts'
import { placeAt } from './place.ts'
import type { Report } from './report.ts'
import { parseSeed } from './seed-text.ts'
import { runInSlices } from './slices.ts'

/** A collection as it is configured, with the rows of its file. */
export interface LoadedCollection {
  readonly name: string
  readonly options: CollectionOptions
  /** Those that are written or in a file; absent where they are to be made. */
  readonly rows: readonly unknown[] | undefined
  /** Stands for the text of the file. */
  readonly fingerprint: string | undefined
  /** Where something of a row stands, or the collection itself without one. */
  place (row?: number, pointer?: string): Pick<Diagnostic, 'pointer' | 'file' | 'line' | 'column'>
}

export interface SeedReader {
  readFile: (path: string) => Promise<string>
  signal: AbortSignal | undefined
}

/** Configurations that went through here before: their files need not be read again, and are those of the folder they were found in. */
const loadedBefore = new WeakMap<CollectionOptions, { collection: LoadedCollection, file: string | undefined }>()

/** Longer files are not parsed once more with positions. */
const MOST_PLACED = 4_000_000

/** Reads the files of all collections; what is wrong is reported. The files are those to watch. */
export async function readSeeds (members: ReadonlyMap<string, CollectionMember>, reader: SeedReader, report: Report): Promise<{ collections: Map<string, LoadedCollection>, seedFiles: string[] }> {
  const collections = new Map<string, LoadedCollection>()
  const seedFiles: string[] = []
  for (const [name, member] of members) {
    const before = loadedBefore.get(member.collection)
    if (before !== undefined) {
      collections.set(name, before.collection)
      if (before.file !== undefined) seedFiles.push(before.file)
      continue
    }
    const pointer = child('/collections', name)
    const { unit, collection: options } = member
    const inline = Array.isArray(unit.config.collections?.[name]) ? pointer : `${pointer}/rows`
    const written: LoadedCollection = {
      name,
      options,
      rows: options.rows ?? (options.count === undefined ? [] : undefined),
      fingerprint: undefined,
      place: (row, below = '') => placeAt(unit.place, row === undefined ? pointer + below : `${child(inline, row)}${below}`)
    }
    const had = seedFiles.length
    const errors = report.errors
    const collection = options.file === undefined ? written : await readSeed(options.file, written, member)
    collections.set(name, collection)
    if (report.errors === errors) loadedBefore.set(options, { collection, file: seedFiles[had] })
  }
  return { collections, seedFiles: [...new Set(seedFiles)] }

  async function readSeed (written: string, collection: LoadedCollection, { unit }: CollectionMember): Promise<LoadedCollection> {
    const [, name = written, fragment = ''] = /^(.*?)(?:#(\/.*))?$/s.exec(written) ?? []
    const pointer = `${child('/collections', collection.name)}/file`
    const found = await resolveBodyFile(unit.folder, name)
    if (!('path' in found)) {
      const path = resolve(unit.folder, name)
      if (found.problem === 'outside') report.add({ code: 'file-outside', message: `${quote(name)} leads out of ${unit.folder}`, hint: 'rows are read from the folder of the configuration only', pointer }, unit.place)
      else {
        seedFiles.push(path)
        const near = await nearestFile(path)
        report.add({ code: 'no-file', message: `there is no file ${quote(name)}`, hint: near === undefined ? `it is looked for at ${path}` : `did you mean '${near}'?`, pointer }, unit.place)
      }
      return collection
    }
    const { path } = found
    seedFiles.push(path)
    try {
      const text = await reader.readFile(path)
      const seed = await runInSlices(parseSeed(text, path, fragment), reader.signal)
      if ('problem' in seed) {
        const [error] = seed.source?.errors ?? []
        if (error !== undefined) report.take([error])
        else report.add({ code: 'bad-seed', message: `${basename(path)} holds no rows: ${seed.problem}`, pointer }, unit.place)
        return collection
      }
      return {
        ...collection,
        rows: seed.rows,
        fingerprint: fingerprintOf(text + fragment),
        place (row, below = '') {
          if (row === undefined) return collection.place(row, below)
          const at = `${child(fragment, row)}${below}`
          return { pointer: at, file: path, ...text.length <= MOST_PLACED && seed.source?.locate(at) }
        }
      }
    } catch (error) {
      reader.signal?.throwIfAborted()
      report.add({ code: 'unreadable', message: `${quote(name)} cannot be read: ${messageOf(error)}`, pointer }, unit.place)
      return collection
    }
  }
}
