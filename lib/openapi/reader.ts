import { readFile, realpath } from 'node:fs/promises'
import { dirname, relative, isAbsolute } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isPrivateHost, type Resolve } from './private-address.ts'

export interface ReaderOptions {
  /** Reads a file; the default reads from disk. */
  read?: ((file: string) => Promise<string | Uint8Array>) | undefined
  fetch?: ((url: string, init: { signal: AbortSignal, redirect: 'manual', headers: Record<string, string> }) => Promise<Response>) | undefined
  /** Finds the addresses of a host, to tell private ones. */
  resolve?: Resolve | undefined
  /** Folder that references may lead to files of. Default: that of the document. */
  folder?: string | undefined
  /** Origins, besides the document's own, that references may lead to: `https://schemas.example.com`. */
  origins?: readonly string[] | undefined
  /** Largest single file. */
  max_bytes: number
  timeout_ms: number
  signal?: AbortSignal | undefined
}

/** Why something is not read. */
export class Refusal extends Error {
  override name = 'Refusal'
}

/** Reads what references lead to, as far as that is allowed. Rejects with a Refusal, or with what the reading failed by. */
export interface Reader {
  read (url: URL): Promise<Uint8Array>
}

const MAX_REDIRECTS = 5

/** @param entry where the document itself comes from; undefined for one without a place, whose references lead nowhere */
export function createReader (entry: URL | undefined, options: ReaderOptions): Reader {
  const origins = new Set(options.origins)
  if (entry !== undefined && entry.protocol !== 'file:') origins.add(entry.origin)

  async function readLocal (url: URL): Promise<Uint8Array> {
    if (entry?.protocol !== 'file:') throw new Refusal('it is a file, and the document is none')
    const folder = options.folder ?? dirname(fileURLToPath(entry))
    const file = fileURLToPath(url)
    // An own `read` may know files that the disk does not, so only the default one asks it where a link leads.
    const [root, target] = options.read === undefined ? await Promise.all([realpath(folder), realpath(file)]) : [folder, file]
    if (!isInside(root, target)) throw new Refusal(`it lies outside the document's folder ${folder}; allow a folder above that`)
    return checkSize(await (options.read ?? readFile)(file), options.max_bytes)
  }

  async function readRemote (start: URL): Promise<Uint8Array> {
    let url = start
    for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
      // The document's own origin was named by the user; only others can be a trap.
      if (!origins.has(url.origin)) throw new Refusal(`it is of another origin than the document; allow ${url.origin} to read it`)
      if (url.origin !== entry?.origin && await isPrivateHost(url.hostname, options.resolve)) throw new Refusal('it is in a private network')
      const response = await request(url, options)
      const location = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null
      if (location === null) {
        if (!response.ok) throw new Refusal(`the answer has status ${response.status}`)
        return await readBody(response, options.max_bytes)
      }
      await response.body?.cancel()
      url = new URL(location, url)
    }
    throw new Refusal(`it redirects more than ${MAX_REDIRECTS} times`)
  }

  return {
    async read (url) {
      options.signal?.throwIfAborted()
      if (url.protocol === 'file:') return await readLocal(url)
      if (url.protocol === 'http:' || url.protocol === 'https:') return await readRemote(url)
      throw new Refusal(url.protocol === 'mock:' ? 'the document has no place that it could be relative to' : `it has the scheme ${url.protocol}, which is not read`)
    }
  }
}

function isInside (root: string, target: string): boolean {
  const path = relative(root, target)
  return path !== '' && !path.startsWith('..') && !isAbsolute(path)
}

function request (url: URL, { fetch: fetchFrom = fetch, timeout_ms: timeout, signal }: ReaderOptions): Promise<Response> {
  const limit = AbortSignal.timeout(timeout)
  return fetchFrom(url.href, {
    redirect: 'manual',
    headers: { accept: 'application/json, application/yaml, text/yaml, */*;q=0.5' },
    signal: signal === undefined ? limit : AbortSignal.any([signal, limit])
  })
}

async function readBody (response: Response, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response.body ?? []) {
    size += part.byteLength
    if (size > maxBytes) throw new Refusal(tooLarge(maxBytes))
    parts.push(part)
  }
  return Buffer.concat(parts)
}

function checkSize (data: string | Uint8Array, maxBytes: number): Uint8Array {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data
  if (bytes.byteLength > maxBytes) throw new Refusal(tooLarge(maxBytes))
  return bytes
}

const tooLarge = (maxBytes: number): string => `it has more than ${maxBytes} bytes`
