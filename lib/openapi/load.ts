import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { findExcess, MAX_DEPTH } from '../config/bounds.ts'
import type { Diagnostic } from '../diagnostic.ts'
import { MOCK_ERR_OPENAPI_INVALID, MOCK_ERR_OPENAPI_SYNTAX, MOCK_ERR_OPENAPI_TOO_LARGE, MOCK_ERR_OPENAPI_UNREADABLE } from '../errors.ts'
import { messageOf } from '../message-of.ts'
import { bundle } from './bundle.ts'
import { isOpenApi, versionOf } from './detect.ts'
import type { JsonObject } from './json-object.ts'
import type { Overlay } from './overlay.ts'
import { limitWarnings } from './limit-warnings.ts'
import { parseText } from './parse-text.ts'
import { createReader, type Reader, type ReaderOptions } from './reader.ts'
import { Refusal } from './refusal.ts'
import { walkReferences } from './walk-references.ts'

/** Where a document comes from. A text or a parsed document may have a place besides, that its references are relative to. */
export interface DocumentSource {
  /** Path, absolute or relative to the working directory. */
  file?: string
  url?: string
  text?: string
  /** A document that is parsed already, perhaps from `text`. It is not changed. */
  document?: unknown
  /** What messages call a document without a place. */
  name?: string
}

export interface LoadOptions {
  /** Reads a file; the default reads from disk. An own one has to see to it where links lead. */
  read?: ReaderOptions['read']
  fetch?: ReaderOptions['fetch']
  /** Finds the addresses of a host. */
  resolve?: ReaderOptions['resolve']
  /**
   * Where references may lead to besides the document's own folder, or its own origin. Of those `origins`, none in a private
   * network is asked unless `private_networks` says so.
   */
  allow?: { folder?: string, origins?: readonly string[], private_networks?: boolean }
  /** Request headers by origin, such as `authorization`; they are sent to that origin only. */
  headers?: ReaderOptions['headers']
  /** Folder for copies of what is read from the web, which are taken when the web cannot be reached. */
  cache?: string
  /** Changes to the document, made in this order before anything else is looked at. */
  overlays?: readonly Overlay[]
  /** Largest single text, in bytes. Default: 67108864 (64 MiB). */
  max_bytes?: number
  /** Most files that one document may be made of. Default: 5000. */
  max_files?: number
  /** For each request. Default: 10000. */
  timeout_ms?: number
  /** Called with how many texts have been read. */
  onProgress?: (files: number) => void
  signal?: AbortSignal
}

export interface LoadedDocument {
  /** In one piece: all references are internal, other files stand under `x-files`. */
  document: JsonObject
  /** As written: `3.1.0`. */
  version: string
  warnings: Diagnostic[]
  /** Absolute paths of all files that were read or are missing, the document first; for watching. */
  files: string[]
}

const MAX_BYTES = 64 * 1024 * 1024
const MAX_FILES = 5_000
const TIMEOUT_MS = 10_000
const MAX_VALUES = 20_000_000

/** A reference that leads out of the text, or to a name in it. */
const OUTWARD = /\$(?:ref|dynamicRef)["']?\s*:\s*["']?(?!#\/|#["'\s])(?=[^\s"'])/

/** Whether a text needs bundling at all: most do not, and are then no more than parsed. */
const mayLeadOutward = (text: string): boolean => OUTWARD.test(text) || text.includes('$id') || text.includes('externalValue')

/**
 * Reads an OpenAPI document of any version, JSON or YAML, and what it refers to in other files. A reference that cannot be read,
 * or must not be, is a warning.
 *
 * @throws MOCK_ERR_OPENAPI_UNREADABLE when the document itself cannot be read
 * @throws MOCK_ERR_OPENAPI_SYNTAX when it is neither JSON nor YAML, with line and column
 * @throws MOCK_ERR_OPENAPI_INVALID when it is no OpenAPI document
 * @throws MOCK_ERR_OPENAPI_TOO_LARGE when it exceeds the bounds
 * @example
 * const { document, version, warnings } = await loadDocument({ file: 'petstore.yaml' })
 */
export async function loadDocument (source: DocumentSource, options: LoadOptions = {}): Promise<LoadedDocument> {
  const entry = placeOf(source)
  const name = entry === undefined ? source.name ?? 'the document' : nameOf(entry)
  const warnings: Diagnostic[] = []
  const files: string[] = entry?.protocol === 'file:' ? [name] : []
  const reader = createReader(entry, {
    read: options.read,
    fetch: options.fetch,
    resolve: options.resolve,
    folder: options.allow?.folder,
    origins: options.allow?.origins,
    private_networks: options.allow?.private_networks,
    headers: options.headers,
    cache: options.cache,
    onCopy: (url, message) => { warnings.push({ severity: 'warning', code: 'reference-copy', message: `'${url.href}': ${message}`, pointer: '' }) },
    max_bytes: options.max_bytes ?? MAX_BYTES,
    timeout_ms: options.timeout_ms ?? TIMEOUT_MS,
    signal: options.signal
  })

  const text = source.text ?? (source.document === undefined ? await readEntry(entry, name, reader, options) : undefined)
  if (text !== undefined && text.length > (options.max_bytes ?? MAX_BYTES)) throw new MOCK_ERR_OPENAPI_TOO_LARGE(name, `it has more than ${options.max_bytes ?? MAX_BYTES} bytes`)
  const parsed = text === undefined ? { value: source.document, warnings: [] } : await parseText(text, name, source.document)
  warnings.push(...parsed.warnings)
  options.onProgress?.(1)
  if (!isOpenApi(parsed.value)) throw new MOCK_ERR_OPENAPI_INVALID(name)
  checkBounds(parsed.value, name, source.document !== undefined)

  let document = parsed.value
  for (const { file, apply } of options.overlays ?? []) {
    const applied = apply(document)
    if (!isOpenApi(applied.document)) throw new MOCK_ERR_OPENAPI_INVALID(`${name}, changed by ${file ?? 'an overlay'},`)
    document = applied.document
    warnings.push(...applied.warnings)
    if (file !== undefined) files.push(file)
  }
  const isChanged = document !== parsed.value
  if (text === undefined || isChanged ? leadsOutward(document) : mayLeadOutward(text)) {
    if (source.document !== undefined || isChanged) document = structuredClone(document)
    const limit = options.max_files ?? MAX_FILES
    let count = 1
    const load = async (url: URL): Promise<Uint8Array> => {
      if (++count > limit) throw new Refusal(`the document is made of more than ${limit} files`)
      const bytes = await reader.read(url).catch((error: unknown) => {
        // Whoever watches the files wants to know when it comes.
        if (isMissing(error)) files.push(fileURLToPath(url))
        throw error
      })
      if (url.protocol === 'file:') files.push(fileURLToPath(url))
      options.onProgress?.(count)
      return bytes
    }
    await bundle(document, entry ?? new URL('mock:/document'), {
      loadBytes: load,
      async load (url) {
        const bytes = await load(url)
        const file = await parseText(Buffer.from(bytes).toString(), nameOf(url))
        warnings.push(...file.warnings)
        if (typeof file.value === 'object' && file.value !== null && isDeeper(file.value, MAX_DEPTH)) throw new Refusal(`it is nested more than ${MAX_DEPTH} levels deep`)
        return file.value
      },
      warn: diagnostic => { warnings.push(diagnostic) }
    })
  }
  return { document, version: versionOf(document), warnings: limitWarnings(warnings), files }
}

function placeOf ({ file, url }: DocumentSource): URL | undefined {
  if (url !== undefined) return new URL(url)
  return file === undefined ? undefined : pathToFileURL(resolve(file))
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT'

const nameOf = (url: URL): string => url.protocol === 'file:' ? fileURLToPath(url) : url.href

/** The document itself: the user named it, so it may be anywhere. */
async function readEntry (entry: URL | undefined, name: string, reader: Reader, options: LoadOptions): Promise<string> {
  if (entry === undefined) throw new MOCK_ERR_OPENAPI_UNREADABLE(name, 'neither a file, a URL nor a text was given')
  try {
    const data = entry.protocol === 'file:' ? await (options.read ?? readFile)(name) : await reader.read(entry)
    return typeof data === 'string' ? data : Buffer.from(data).toString()
  } catch (error) {
    options.signal?.throwIfAborted()
    throw new MOCK_ERR_OPENAPI_UNREADABLE(name, messageOf(error), { cause: error })
  }
}

/** What reads the document from here on recurses, and sees an object that stands in two places twice. */
function checkBounds (document: JsonObject, name: string, mayShare: boolean): void {
  if (mayShare && findExcess(document, MAX_VALUES)?.reason === 'size') throw new MOCK_ERR_OPENAPI_TOO_LARGE(name, `it holds more than ${MAX_VALUES} values`)
  if (isDeeper(document, MAX_DEPTH)) throw new MOCK_ERR_OPENAPI_SYNTAX(name, `it is nested more than ${MAX_DEPTH} levels deep`)
}

function isDeeper (value: object, levels: number): boolean {
  for (const key in value) {
    const member: unknown = Reflect.get(value, key)
    if (typeof member === 'object' && member !== null && (levels === 0 || isDeeper(member, levels - 1))) return true
  }
  return false
}

function leadsOutward (document: JsonObject): boolean {
  let outward = false
  walkReferences(document, 'mock:/document', {
    onReference: ({ kind, ref }) => { outward ||= kind === 'value' || !(ref.startsWith('#/') || ref === '#' || kind === 'mapping') },
    onIdentifier: () => { outward = true }
  })
  return outward
}
