import type { Defaults, JsonSchema, Response } from './config.ts'
import { isConnectionHeader } from './connection-headers.ts'
import type { BodyMaker } from './data/bodies.ts'
import { tellStatus } from './data/told-status.ts'
import { child } from './json-pointer.ts'
import { mediaKind } from './media/kind.ts'
import { withBoundary } from './media/multipart.ts'
import { writeBody } from './media/write-body.ts'
import type { Responder } from './resource/responder.ts'
import type { SharedSchemas } from './schema/schema-view.ts'
import type { TemplateContext } from './template/context.ts'
import type { Templates } from './template/engine.ts'
import { stringifyJson } from './stringify-json.ts'

/** What an endpoint says, compiled: everything that does not depend on the request is made beforehand. */
export interface Answer {
  readonly status: number
  /** Headers that are always the same, `content-type` among them; names in lower case. */
  readonly headers: Readonly<Record<string, string | string[]>>
  /** Headers that are made for each request. */
  readonly templatedHeaders?: ReadonlyArray<readonly [name: string, render: (context: TemplateContext) => string | string[]]>
  /** Makes the body; absent where there is none, or where it is a file. */
  readonly body?: BodySource
  /** Path of the file to send, relative to `root` or absolute inside it. */
  readonly file?: { readonly root: string, readonly path: (context: TemplateContext) => string }
  /** Makes a body from the schema, whether or not there is an example. Absent where there is no schema. */
  readonly generated?: BodyMaker
  /** The same body for another status, where it tells the status. */
  readonly restated?: (status: number) => Pick<Answer, 'body' | 'generated'>
}

/**
 * A body that is known beforehand, is made when first asked for, or is made for each request. One that is made from a schema
 * may depend on the request (`make`): without one, it is what `payload` gives.
 */
export type BodySource =
  | { readonly kind: 'constant', readonly payload: string | Buffer }
  | { readonly kind: 'lazy', readonly payload: () => string | Buffer, readonly make?: BodyMaker, readonly isExample?: boolean }
  | { readonly kind: 'templated', readonly render: (context: TemplateContext) => string }
  /** Status and headers are made for the request as well. */
  | { readonly kind: 'responder', readonly respond: Responder }

export interface AnswerTools {
  /** Whether what is compiled comes from an OpenAPI document that is served as it is, and nobody here wrote it. */
  isForeign?: boolean
  templates: Templates
  /** Generates a value for a schema; called when the body is first asked for. */
  generate: (schema: JsonSchema, seed?: string) => unknown
  /** Whether a value is valid for a schema. */
  fits: (schema: JsonSchema, value: unknown) => boolean
  /** Who makes the bodies of an endpoint's answer; undefined where its example is all there is. Absent for answers of no endpoint. */
  bodies?: (answer: Response, serialise: (value: unknown) => string) => BodyMaker | undefined
  /** Who makes an answer as a whole; undefined for those that say themselves what they are. */
  responderOf?: (answer: AnswerConfig) => Responder | undefined
  /** The configuration's shared schemas: what is not JSON is written by the keywords of its schema. */
  schemas?: SharedSchemas
  /** Folder that files are sent from. */
  root: string
  /** Runs a compile step; an error in it is reported as being at this key. */
  at<T> (key: string, compile: () => T): T | undefined
}

/** The keys of an endpoint, of one of its `responses`, or of a `failure`, that make an answer. */
export type AnswerConfig = Pick<Response, 'response' | 'text' | 'file' | 'base64' | 'response_schema' | 'generate'> &
  Pick<Defaults, 'status' | 'headers' | 'content_type' | 'template'>

const BODILESS = new Set([204, 205, 304])

/** @param bodies who makes bodies that depend on the request; without it they depend on their schema alone */
export function compileAnswer (config: AnswerConfig, tools: AnswerTools, bodies?: AnswerTools['bodies']): Answer {
  const status = config.status ?? 200
  const { headers, templated } = compileHeaders(config, tools)
  const answer: { -readonly [K in keyof Answer]: Answer[K] } = { status, headers }
  if (templated.length > 0) answer.templatedHeaders = templated
  // Whether there is a body is the responder's to say: a 204 is what it gives when all goes well.
  const respond = tools.responderOf?.(config)
  if (respond !== undefined) return { ...answer, body: { kind: 'responder', respond } }
  if (BODILESS.has(status) || status < 200) return answer

  if (config.file !== undefined) {
    const path = tools.at('file', () => text(config.file ?? '', config, tools))
    if (config.content_type !== undefined) headers['content-type'] ??= config.content_type
    if (path !== undefined) answer.file = { root: tools.root, path: path.render }
    return answer
  }
  const body = compileBody(config, tools, bodies)
  if (body === undefined) return answer
  headers['content-type'] ??= sentType(config)
  answer.body = body
  const { response: _example, ...generated } = config
  const schema = config.response_schema
  if (schema !== undefined && config.base64 === undefined) {
    const write = writerOf(config, schema, tools)
    answer.generated = bodies?.(generated, write) ?? (({ seed }) => ({ payload: write(tools.generate(schema, seed)) }))
    if (!isSuccess(config)) answer.restated = remembered(status => compileAnswer({ ...config, status }, tools, bodies))
  }
  return answer
}

/** The same answer with another status, and without a body where that has none. */
export function withStatus (answer: Answer, status: number): Answer {
  if (!BODILESS.has(status)) return { ...answer, ...answer.restated?.(status), headers: answer.headers, status }
  const { body: _body, file: _file, ...rest } = answer
  const { 'content-type': _type, ...headers } = answer.headers
  return { ...rest, status, headers }
}

/** The same answer, with one more header that it depends on (RFC 9110, section 12.5.5). */
export function varyingBy (answer: Answer, header: string): Answer {
  return { ...answer, headers: { ...answer.headers, vary: joinVary(answer.headers.vary, header) } }
}

/**
 * Values of `Vary`, joined: each name once, and nothing beside `*`.
 *
 * @example
 * joinVary('Origin', 'origin, Accept') // 'Origin, Accept'
 */
export function joinVary (...values: ReadonlyArray<string | number | readonly string[] | undefined>): string {
  const names = new Map<string, string>()
  for (const name of values.flatMap(value => value === undefined ? [] : String(value).split(','))) {
    const key = name.trim().toLowerCase()
    if (key !== '' && !names.has(key)) names.set(key, name.trim())
  }
  return names.has('*') ? '*' : [...names.values()].join(', ')
}

function compileBody (config: AnswerConfig, tools: AnswerTools, bodies: AnswerTools['bodies']): BodySource | undefined {
  if (config.response !== undefined) {
    const body = tools.at('response', () => jsonBody(config, tools))
    // What may be the first page of a list goes on with the second.
    if (body?.kind !== 'constant' || !mayBeList(config)) return body
    const make = bodies?.(config, value => serialise(value, config, tools))
    return make === undefined ? body : { kind: 'lazy', payload: () => body.payload, make, isExample: true }
  }
  if (config.text !== undefined) {
    const compiled = tools.at('text', () => text(config.text ?? '', config, tools))
    if (compiled === undefined) return undefined
    return compiled.constant ? { kind: 'constant', payload: config.text } : { kind: 'templated', render: compiled.render }
  }
  if (config.base64 !== undefined) return { kind: 'constant', payload: Buffer.from(config.base64, 'base64') }
  const schema = config.response_schema
  if (schema === undefined) return undefined
  let payload: string | undefined
  const write = writerOf(config, schema, tools)
  const make = isSuccess(config) ? bodies?.(config, write) : undefined
  return {
    kind: 'lazy',
    payload: () => {
      payload ??= write(tools.generate(schema))
      return payload
    },
    ...make !== undefined && { make }
  }
}

/** How a generated value becomes a text. */
function writerOf (config: AnswerConfig, schema: JsonSchema, tools: AnswerTools): (value: unknown) => string {
  const { status } = config
  if (status === undefined || isSuccess(config)) return value => serialise(value, config, tools)
  return value => serialise(tellStatus(value, status, told => tools.fits(schema, told)), config, tools)
}

/** Statuses that are asked for are few, and each is compiled once. */
function remembered<T> (compile: (status: number) => T): (status: number) => T {
  const known = new Map<number, T>()
  return status => {
    const found = known.get(status) ?? compile(status)
    known.set(status, found)
    return found
  }
}

const isSuccess = ({ status = 200 }: AnswerConfig): boolean => status >= 200 && status < 300

/** Whether an example may be the beginning of a list; whether it is will be seen when it is asked for. */
function mayBeList (config: AnswerConfig): boolean {
  const { response, response_schema: schema } = config
  if (schema === undefined || !isSuccess(config) || !isJson(config) || typeof response !== 'object' || response === null) return false
  return Array.isArray(response) || Object.values(response).some(value => Array.isArray(value) || (typeof value === 'object' && value !== null && Object.values(value).some(Array.isArray)))
}

function jsonBody (config: AnswerConfig, tools: AnswerTools): BodySource {
  const { response } = config
  const payload = stringifyJson(response) ?? 'null'
  if (!isJson(config)) {
    // A text for a type that is not JSON is the body itself, not a JSON string; anything else is written as that type.
    const isBody = typeof response === 'string' && mediaKind(config.content_type ?? '') !== 'events'
    if (config.template === false || !tools.templates.isTemplate(payload)) return { kind: 'constant', payload: isBody ? response : serialise(response, config, tools) }
    if (isBody) return { kind: 'templated', render: text(response, config, tools).render }
    const compiled = tools.templates.value(response)
    return { kind: 'templated', render: context => serialise(compiled.render(context), config, tools) }
  }
  // Most bodies have no template in them, and the text tells at once: JSON itself has no two braces in a row.
  if (config.template === false || !tools.templates.isTemplate(payload)) return { kind: 'constant', payload }
  const compiled = tools.templates.value(response)
  return compiled.constant ? { kind: 'constant', payload } : { kind: 'templated', render: context => compiled.stringify(context) }
}

function text (source: string, config: AnswerConfig, tools: AnswerTools): { constant: boolean, render: (context: TemplateContext) => string } {
  if (config.template === false || !tools.templates.isTemplate(source)) return { constant: true, render: () => source }
  const compiled = tools.templates.text(source)
  return { constant: compiled.constant, render: context => compiled.render(context) }
}

function compileHeaders (config: AnswerConfig, tools: AnswerTools) {
  const headers: Record<string, string | string[]> = Object.create(null)
  const templated: Array<readonly [string, (context: TemplateContext) => string | string[]]> = []
  for (const [name, value] of Object.entries(config.headers ?? {})) {
    const key = name.toLowerCase()
    if (isConnectionHeader(key)) continue
    const place = child('headers', name)
    const compiled = tools.at(place, () => [value].flat().map(item => text(String(item), config, tools)))
    if (compiled === undefined) continue
    const single = Array.isArray(value) ? undefined : compiled[0]
    if (compiled.every(({ constant }) => constant)) headers[key] = Array.isArray(value) ? value : String(value)
    else templated.push([key, single?.render ?? (context => compiled.map(({ render }) => render(context)))])
  }
  return { headers, templated }
}

const isJson = (config: AnswerConfig): boolean => config.content_type === undefined || mediaKind(config.content_type) === 'json'

function serialise (value: unknown, config: AnswerConfig, { schemas }: AnswerTools): string {
  if (isJson(config)) return stringifyJson(value) ?? 'null'
  return writeBody(value, { contentType: sentType(config), schema: config.response_schema, ...schemas !== undefined && { shared: schemas } })
}

const sentType = (config: AnswerConfig): string => withCharset(withBoundary(config.content_type ?? defaultType(config), config.text))

function defaultType (config: AnswerConfig): string {
  if (config.text !== undefined) return 'text/plain'
  return config.base64 === undefined ? 'application/json' : 'application/octet-stream'
}

/** Text that we send is UTF-8; a type that says otherwise, or that has no charset parameter, is left alone. */
function withCharset (type: string): string {
  return type === 'application/json' || (type.startsWith('text/') && !type.includes(';')) ? `${type}; charset=utf-8` : type
}
