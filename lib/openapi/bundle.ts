import { isUtf8 } from 'node:buffer'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Diagnostic } from '../diagnostic.ts'
import { tokens } from '../json-pointer.ts'
import { BYTES } from './examples.ts'
import type { JsonObject } from './json-object.ts'
import { refTokens, toRef } from './reference.ts'
import { FILES } from './schema-name.ts'
import { walkReferences, type FoundReference } from './walk-references.ts'

/** One text of a document that is spread over several. */
interface Resource {
  readonly url: URL
  readonly value: unknown
  /** Where it stands in the bundled document. */
  readonly home: readonly string[]
}

export interface BundleTools {
  /** Reads and parses what a reference leads to. */
  load (url: URL): Promise<unknown>
  /** Reads an example that stands in a file of its own. */
  loadBytes (url: URL): Promise<Uint8Array>
  warn (diagnostic: Diagnostic): void
}

/** Files that are read at the same time. */
const AT_ONCE = 32

const PARSED = /\.(?:json|ya?ml)$/i

/**
 * Brings a document that refers to others into one piece: the others are put under `x-files`, by their path, and all references
 * become internal. Nothing is expanded, so circles through several files are no matter. A reference that cannot be resolved
 * stays as it is, with a warning.
 *
 * Why not by a bundler of others' making: docs/decisions/openapi-import.md.
 *
 * @param document is changed
 */
export async function bundle (document: JsonObject, entry: URL, tools: BundleTools): Promise<void> {
  const resources = new Map<string, Resource>()
  const identifiers = new Map<string, readonly string[]>()
  const anchors = new Map<string, readonly string[]>()
  const failures = new Map<string, string>()
  const found: Array<{ from: Resource, reference: FoundReference }> = []

  const add = (resource: Resource): void => {
    resources.set(resource.url.href, resource)
    walkReferences(resource.value, resource.url.href, {
      onReference: reference => {
        if (reference.kind !== 'mapping' || /[#/]/.test(reference.ref) || PARSED.test(reference.ref)) found.push({ from: resource, reference })
      },
      onIdentifier: (uri, pointer) => identifiers.set(uri, [...resource.home, ...tokens(pointer)]),
      onAnchor: (name, base, pointer) => anchors.set(`${base}#${name}`, [...resource.home, ...tokens(pointer)])
    })
  }

  add({ url: entry, value: document, home: [] })
  if (typeof document.$self === 'string' && URL.canParse(document.$self, entry.href)) identifiers.set(new URL(document.$self, entry.href).href, [])
  for (let done = 0; done < found.length;) {
    const targets = new Map<string, URL>()
    for (; done < found.length; done++) {
      const { reference } = found[done]!
      const url = reference.kind === 'value' ? undefined : targetOf(reference)
      if (url === undefined) continue
      url.hash = ''
      if (!resources.has(url.href) && !identifiers.has(url.href)) targets.set(url.href, url)
    }
    await inBatches([...targets.values()], async url => {
      try {
        return { url, value: await tools.load(url), home: [FILES, keyOf(url, entry)] }
      } catch (error) {
        failures.set(url.href, reasonOf(error))
        return undefined
      }
    }, resource => { if (resource !== undefined) add(resource) })
  }

  for (const { from, reference } of found) {
    if (reference.kind === 'value') continue
    const resolved = resolve(reference)
    if (typeof resolved === 'string') reference.holder[reference.key] = resolved
    else if (resolved !== undefined) tools.warn(unresolved(reference, from, resolved.reason))
  }
  const files = [...resources.values()].filter(({ home }) => home.length > 0)
  if (files.length > 0) document[FILES] = Object.fromEntries(files.map(({ home, value }) => [home[1], value]))
  await inBatches(found.filter(({ reference: { kind } }) => kind === 'value'), async ({ from, reference }) => {
    await loadValue(reference, tools).catch((error: unknown) => tools.warn(unresolved(reference, from, reasonOf(error))))
  })

  /** The internal reference for one that was found; undefined for one that is internal already. */
  function resolve (reference: FoundReference): string | { reason: string } | undefined {
    if (reference.base === entry.href && (reference.ref.startsWith('#/') || reference.ref === '#')) return undefined
    const url = targetOf(reference)
    if (url === undefined) return { reason: 'it is no URI' }
    const fragment = url.hash
    url.hash = ''
    const home = identifiers.get(url.href) ?? resources.get(url.href)?.home
    if (home === undefined) return { reason: failures.get(url.href) ?? 'it was not read' }
    if (fragment === '' || fragment.startsWith('#/')) return toRef([...home, ...refTokens(fragment)])
    const anchor = anchors.get(`${url.href}${decodeURIComponent(fragment)}`)
    return anchor === undefined ? { reason: `there is no anchor ${fragment}` } : toRef(anchor)
  }
}

function targetOf ({ ref, base }: FoundReference): URL | undefined {
  return URL.canParse(ref, base) ? new URL(ref, base) : undefined
}

/** By its path from the document's folder; what is of another origin, by its whole URL. */
function keyOf (url: URL, entry: URL): string {
  if (url.origin !== entry.origin || url.protocol !== entry.protocol) return url.href
  const path = posix.relative(posix.dirname(entry.pathname), url.pathname)
  try {
    return decodeURIComponent(path) + url.search
  } catch {
    return path + url.search
  }
}

/** Puts an example that stands in a file of its own into its place: parsed, as text, or as bytes. */
async function loadValue (reference: FoundReference, tools: BundleTools): Promise<void> {
  const url = targetOf(reference)
  if (url === undefined) throw new Error('it is no URI')
  if (PARSED.test(url.pathname)) {
    reference.holder.value = await tools.load(url)
    return
  }
  const bytes = await tools.loadBytes(url)
  if (isUtf8(bytes)) reference.holder.value = Buffer.from(bytes).toString()
  else reference.holder[BYTES] = Buffer.from(bytes).toString('base64')
}

async function inBatches<T, R> (items: readonly T[], work: (item: T) => Promise<R>, each: (result: R) => void = () => {}): Promise<void> {
  for (let start = 0; start < items.length; start += AT_ONCE) {
    for (const result of await Promise.all(items.slice(start, start + AT_ONCE).map(work))) each(result)
  }
}

function unresolved ({ ref, pointer }: FoundReference, { url }: Resource, reason: string): Diagnostic {
  return {
    severity: 'warning',
    code: 'unresolved-reference',
    message: `'${ref}' cannot be read: ${reason}`,
    pointer: pointer(),
    ...url.protocol === 'file:' && { file: fileURLToPath(url) }
  }
}

function reasonOf (error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error && error.code === 'ENOENT' ? 'there is no such file' : error.message.replace(/^.* cannot be read: /, '')
}
