import { Ajv2020 } from 'ajv/dist/2020.js'
import Fastify from 'fastify'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { isObject, objectAt, type JsonObject } from '../../lib/openapi/json-object.ts'
import { loadDocument } from '../../lib/openapi/load.ts'
import mockPlugin from '../../plugins/mock.ts'
import { KNOWN_PRISM, type KnownDeviation } from './known-prism.ts'

/** A document, a request to the server of it, and what it is answered with. */
interface Case {
  name: string
  title: string
  document: string
  /** A `Prefer` header that means what the query of the request means to Prism. */
  prefer: string | null
  request: {
    method: string
    path: string
    headers: Array<[string, string]>
    body: string | null
    multipart: Array<{ name: string, value: string }> | null
  }
  /** In words; see `PARTS`. */
  compare: string
  expected: { status: number, headers: Array<[string, string]>, body: string, bodyAsserted: boolean }
}

interface Answer {
  status: number
  contentType: string | undefined
  body: string
}

export interface CaseOutcome {
  name: string
  /** What differs from what is expected, or from what was decided instead; none when it holds. */
  differences: string[]
  known?: KnownDeviation
}

type Part = 'status' | 'content-type' | 'body' | 'schema'

/** What each wording of `compare` asks to be compared. */
const PARTS: ReadonlyArray<[RegExp, readonly Part[]]> = [
  [/^status, content-type and body$/, ['status', 'content-type', 'body']],
  [/^status and content-type/, ['status', 'content-type']],
  [/^status, and body valid/, ['status', 'schema']],
  [/^status$/, ['status']]
]

/** Puts each case of the file to a server of its document, as a host application has it. */
export async function checkPrismCases (file: string): Promise<CaseOutcome[]> {
  const cases: Case[] = JSON.parse(await readFile(file, 'utf8'))
  const folder = await mkdtemp(join(tmpdir(), 'mock-prism-'))
  const outcomes: CaseOutcome[] = []
  try {
    for (const [index, each] of cases.entries()) {
      const known = KNOWN_PRISM.find(({ name }) => name === each.name)
      const differences = await check(each, known, join(folder, `${index}.yaml`)).catch((error: unknown) => [String(error)])
      outcomes.push({ name: each.name, differences, ...known !== undefined && { known } })
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return outcomes
}

async function check (each: Case, known: KnownDeviation | undefined, file: string): Promise<string[]> {
  const parts = PARTS.find(([wording]) => wording.test(each.compare))?.[1]
  if (parts === undefined) return [`no such comparison: ${each.compare}`]
  await writeFile(file, each.document)
  const app = Fastify()
  try {
    await app.register(mockPlugin, { include: [file], log: { max_entries: 0 } })
    const base = await app.listen({ host: '127.0.0.1', port: 0 })
    const answer = await ask(base, each)
    const differences = await Promise.all(parts.map(part => compare(part, each, answer, file)))
    const told = differences.flatMap(difference => difference ?? [])
    if (known === undefined) return told
    if (told.length === 0) return ['it holds, and is no deviation any more (test/conformance/known-prism.ts)']
    return answer.status === known.status ? [] : [`status ${answer.status}, where ${known.status} was decided`]
  } finally {
    await app.close()
  }
}

/** By Node's own client, which sends what it is told to: `fetch` would add an Accept header, for one. */
async function ask (base: string, { request: { method, path, headers, body, multipart }, prefer }: Case): Promise<Answer> {
  const form = multipart === null ? undefined : encode(multipart)
  const content = form === undefined ? body : form.content
  const sent = new Map(headers.map(([name, value]) => [name.toLowerCase(), value]))
  if (form !== undefined) sent.set('content-type', form.type)
  if (prefer !== null) sent.set('prefer', prefer)
  if (content !== null) sent.set('content-length', String(Buffer.byteLength(content)))
  return await new Promise((resolve, reject) => {
    const asked = request(base + path, { method, headers: Object.fromEntries(sent), agent: false }, response => {
      buffer(response).then(bytes => resolve({ status: response.statusCode ?? 0, contentType: response.headers['content-type'], body: bytes.toString() }), reject)
    })
    asked.on('error', reject)
    asked.end(content ?? undefined)
  })
}

const BOUNDARY = 'case-boundary'

/** Fields of a form (RFC 7578). */
function encode (fields: NonNullable<Case['request']['multipart']>): { type: string, content: string } {
  const parts = fields.map(({ name, value }) => `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
  return { type: `multipart/form-data; boundary=${BOUNDARY}`, content: `${parts.join('')}--${BOUNDARY}--\r\n` }
}

/** What differs in one part of the answer; undefined when nothing does. */
async function compare (part: Part, each: Case, answer: Answer, file: string): Promise<string | undefined> {
  const { expected } = each
  if (part === 'status') return answer.status === expected.status ? undefined : `status ${answer.status}, not ${expected.status}`
  if (part === 'content-type') {
    const type = expected.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1]
    if (type === undefined || essence(type) === essence(answer.contentType)) return undefined
    return `content type ${answer.contentType ?? 'none'}, not ${type}`
  }
  if (part === 'schema') return await conforms(each, answer, file)
  if (!expected.bodyAsserted || isEqual(answer.body, expected.body)) return undefined
  return `body ${answer.body.slice(0, 120)}, not ${expected.body.slice(0, 120)}`
}

const essence = (type: string | undefined): string | undefined => type?.split(';')[0]?.trim().toLowerCase()

/** Spaces between tokens or elements mean nothing. */
function isEqual (actual: string, expected: string): boolean {
  const [a, b] = [actual, expected].map(parse)
  if (a !== undefined && b !== undefined) return JSON.stringify(a) === JSON.stringify(b)
  return strip(actual) === strip(expected)
}

const strip = (text: string): string => text.replace(/^<\?xml[^>]*\?>/, '').replace(/>\s+</g, '><').trim()

function parse (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Judges the body by the document itself, not by what the import made of it. */
async function conforms ({ request: { method } }: Case, { body, contentType }: Answer, file: string): Promise<string | undefined> {
  const { document } = await loadDocument({ file })
  const schema = schemaOf(document, method.toLowerCase())
  if (schema === undefined) return 'the document has no schema to judge by'
  const value = essence(contentType)?.endsWith('xml') === true ? elementsOf(body, schema) : parse(body)
  if (value === undefined) return `the body cannot be read: ${body.slice(0, 120)}`
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile({ ...schema, components: document.components })
  return validate(value) ? undefined : `the body does not fit its schema: ${JSON.stringify(validate.errors?.[0])}`
}

/** These documents have one path, and their answers one content type. */
function schemaOf (document: JsonObject, method: string): JsonObject | undefined {
  const [item] = Object.values(objectAt(document, 'paths') ?? {})
  const operation = isObject(item) ? objectAt(item, method) : undefined
  const response = operation && objectAt(objectAt(operation, 'responses') ?? {}, '200')
  if (response === undefined) return undefined
  const [media] = Object.values(objectAt(response, 'content') ?? {})
  return objectAt(isObject(media) ? media : response, 'schema')
}

/** The flat object that a flat XML document stands for. */
function elementsOf (xml: string, schema: JsonObject): JsonObject | undefined {
  const root = /^\s*(?:<\?xml[^>]*\?>)?\s*<([\w.-]+)[^>]*>(.*)<\/\1>\s*$/s.exec(xml)?.[2]
  if (root === undefined) return undefined
  const types = objectAt(schema, 'properties') ?? {}
  const isNumber = (name: string): boolean => /^(?:integer|number)$/.test(String((objectAt(types, name) ?? {}).type))
  return Object.fromEntries([...root.matchAll(/<([\w.-]+)>([^<]*)<\/\1>/g)].map(([, name = '', text = '']) => [name, isNumber(name) ? Number(text) : text]))
}
