import { readFile, realpath, stat } from 'node:fs/promises'
import { dirname, relative, isAbsolute } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isPrivateHost, type Resolve } from './private-address.ts'
import { createPublicFetch, type Fetch } from './public-fetch.ts'
import { createReferenceCache } from './reference-cache.ts'
import { Refusal } from './refusal.ts'

export interface ReaderOptions {
  /** Reads a file; the default reads from disk. */
  read?: ((file: string) => Promise<string | Uint8Array>) | undefined
  /** Asks the web; the default connects to no private address. */
  fetch?: Fetch | undefined
  /** Finds the addresses of a host, to tell private ones. */
  resolve?: Resolve | undefined
  /** Folder that references may lead to files of, besides that of the document. */
  folder?: string | undefined
  /** Origins, besides the document's own, that references may lead to: `https://schemas.example.com`. */
  origins?: readonly string[] | undefined
  /** Whether those origins may be in private networks. */
  private_networks?: boolean | undefined
  /** Request headers by origin, and sent to no other. */
  headers?: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined
  /** Folder for copies of what is read from the web, which are taken when the web cannot be reached. */
  cache?: string | undefined
  /** Called when a copy is taken, or cannot be made. */
  onCopy?: ((url: URL, message: string) => void) | undefined
  /** Largest single file. */
  max_bytes: number
  timeout_ms: number
  signal?: AbortSignal | undefined
}

/** Reads what references lead to, as far as that is allowed. Rejects with a Refusal, or with what the reading failed by. */
export interface Reader {
  read (url: URL): Promise<Uint8Array>
}

const MAX_REDIRECTS = 5

const ACCEPT = 'application/json, application/yaml, text/yaml, */*;q=0.5'

/** @param entry where the document itself comes from; undefined for one without a place, whose references lead nowhere */
export function createReader (entry: URL | undefined, options: ReaderOptions): Reader {
  const origins = new Set(options.origins?.map(originOf))
  const headers = new Map(Object.entries(options.headers ?? {}).map(([origin, sent]) => [originOf(origin), sent]))
  const own = entry === undefined || entry.protocol === 'file:' ? undefined : entry.origin
  const cache = options.cache === undefined ? undefined : createReferenceCache(options.cache)
  const fetchPublic = createPublicFetch({ private_networks: options.private_networks === true })
  const fetchOwn = createPublicFetch({ private_networks: true })
  const fetchFrom: Fetch = options.fetch ?? ((url, init) => (new URL(url).origin === own ? fetchOwn : fetchPublic)(url, init))

  async function readLocal (url: URL): Promise<Uint8Array> {
    if (entry?.protocol !== 'file:') throw new Refusal('it is a file, and the document is none')
    const own = dirname(fileURLToPath(entry))
    const folders = options.folder === undefined ? [own] : [own, options.folder]
    const file = fileURLToPath(url)
    // An own `read` may know files that the disk does not, so only the default one asks it where a link leads.
    const real = options.read === undefined ? realpath : async (path: string) => path
    // An allowed folder that is not there holds nothing.
    const [target, ...roots] = await Promise.all([real(file), ...folders.map(folder => real(folder).catch(() => folder))])
    if (!roots.some(root => isInside(root, target))) throw new Refusal(`it lies outside the document's folder ${folders.join(' and ')}; allow a folder above that`)
    if (options.read !== undefined) return checkSize(await options.read(file), options.max_bytes)
    // A pipe or a device would be read for ever.
    const found = await stat(target)
    if (!found.isFile()) throw new Refusal('it is no file')
    if (found.size > options.max_bytes) throw new Refusal(tooLarge(options.max_bytes))
    return await readFile(target)
  }

  async function readRemote (start: URL, limit: AbortSignal): Promise<Uint8Array> {
    let url = start
    for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
      await checkOrigin(url)
      const response = await fetchFrom(url.href, { redirect: 'manual', headers: { accept: ACCEPT, ...headers.get(url.origin) }, signal: limit })
      const location = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null
      if (location === null) {
        if (response.status >= 500) throw new Error(`the answer has status ${response.status}`)
        if (!response.ok) throw new Refusal(`the answer has status ${response.status}`)
        return await readBody(response, options.max_bytes)
      }
      await response.body?.cancel()
      url = new URL(location, url)
    }
    throw new Refusal(`it redirects more than ${MAX_REDIRECTS} times`)
  }

  /** The document's own origin was named by the user, as were those that are allowed; any other can be a trap. */
  async function checkOrigin (url: URL): Promise<void> {
    if (url.origin === own) return
    if (!origins.has(url.origin)) throw new Refusal(`it is of another origin than the document; allow ${url.origin} to read it`)
    if (options.private_networks !== true && await isPrivateHost(url.hostname, options.resolve)) throw new Refusal('it is in a private network')
  }

  /** What is refused stays refused; what fails may work again, and until then its copy does. */
  async function readOrFind (url: URL): Promise<Uint8Array> {
    const timeout = AbortSignal.timeout(options.timeout_ms)
    const limit = options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout])
    try {
      const bytes = await readRemote(url, limit)
      await cache?.keep(url, bytes).catch((error: unknown) => options.onCopy?.(url, `no copy of it can be kept: ${messageOf(error)}`))
      return bytes
    } catch (error) {
      options.signal?.throwIfAborted()
      if (error instanceof Refusal) throw error
      const reason = timeout.aborted ? `no answer within ${options.timeout_ms} ms` : messageOf(error)
      const copy = await cache?.find(url)
      if (copy === undefined) throw new Refusal(reason, { cause: error })
      options.onCopy?.(url, `${reason}; its copy of ${copy.made.toISOString()} is used`)
      return copy.bytes
    }
  }

  return {
    async read (url) {
      options.signal?.throwIfAborted()
      if (url.protocol === 'file:') return await readLocal(url)
      if (url.protocol === 'http:' || url.protocol === 'https:') return await readOrFind(url)
      throw new Refusal(url.protocol === 'mock:' ? 'the document has no place that it could be relative to' : `it has the scheme ${url.protocol}, which is not read`)
    }
  }
}

const originOf = (text: string): string => URL.canParse(text) ? new URL(text).origin : text

function isInside (root: string, target: string): boolean {
  const path = relative(root, target)
  return path !== '' && !path.startsWith('..') && !isAbsolute(path)
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

const messageOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  // Several addresses that all fail are one error without a message.
  return error.message === '' && 'code' in error ? String(error.code) : error.message
}
