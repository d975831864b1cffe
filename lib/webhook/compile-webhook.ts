import { randomUUID } from 'node:crypto'
import { compileAnswer, type AnswerTools, type BodySource } from '../answer.ts'
import type { Callback, Webhook } from '../config.ts'
import { latencySampler } from '../latency.ts'
import { messageOf } from '../message-of.ts'
import type { TemplateContext } from '../template/context.ts'
import { embedExpressions, embedInUrl, embedInValue } from './embed-expressions.ts'
import type { Job } from './job.ts'
import { retrySchedule } from './retry-schedule.ts'
import { signer } from './sign.ts'

/** What whoever triggers a webhook wants otherwise. */
export interface Overrides {
  url?: string | undefined
  /** Replaces the body: JSON, or the text of one that is not JSON. */
  body?: unknown
  /** Over the configured ones. */
  headers?: Readonly<Record<string, string>> | undefined
}

/** What a job is for, and where it comes from. */
export interface Occasion extends Pick<Job, 'kind' | 'endpoint' | 'requestId' | 'scope' | 'clock' | 'hops'> {
  context: TemplateContext
  /** The API's own address, which a path without a host is relative to. */
  base?: string
  /** Where to, when the configuration names no address. */
  fallbackUrl?: string | undefined
  overrides?: Overrides
}

/** A webhook or callback, with everything that sending it needs. */
export interface CompiledWebhook {
  readonly name: string
  readonly config: Webhook | Callback
  /** Makes what is to be sent; what fails in doing so makes a job that is refused. Undefined when a callback has no address. */
  plan (occasion: Occasion): Job | undefined
}

const DEFAULT_TIMEOUT_MS = 10_000

/** Compiles one webhook or callback. What is wrong with it is reported through `tools.at`. */
export function compileWebhook (name: string, config: Webhook | Callback, tools: AnswerTools): CompiledWebhook {
  const url = compileUrl(config.url, tools)
  const message = compileMessage(config, tools)
  const delay = latencySampler(config.delay_ms)
  const retry = retrySchedule(config.retry)
  const sign = config.sign === undefined ? undefined : signer(config.sign)
  const constant = {
    name,
    method: (config.method ?? 'POST').toUpperCase(),
    timeoutMs: config.timeout_ms ?? DEFAULT_TIMEOUT_MS,
    retry,
    sign
  }

  function plan ({ context, base, fallbackUrl, overrides = {}, ...origin }: Occasion): Job | undefined {
    const id = randomUUID()
    const job = { ...constant, ...origin, id, delayMs: delay?.(context.random) ?? 0 }
    try {
      const own = url?.render(context) ?? ''
      const address = overrides.url ?? (own === '' ? fallbackUrl ?? '' : own)
      if (address === '' && origin.kind === 'callback') return undefined
      const { headers, body } = message(context, overrides)
      const isTrusted = overrides.url !== undefined || own === '' || url?.isTrusted === true
      const rest = { ...job, headers, body, isTrusted }
      const target = urlOf(address, base)
      if (target === undefined) return { ...rest, url: address, refusal: address === '' ? 'it has no address' : `'${address}' is no address: it has to be a whole one, as in http://localhost:9000/hook` }
      target.hash = ''
      return { ...rest, url: target.href }
    } catch (error) {
      return { ...job, url: config.url ?? '', headers: {}, body: undefined, isTrusted: false, refusal: messageOf(error) }
    }
  }

  return { name, config, plan }
}

/** A path alone is one of the API itself. */
function urlOf (address: string, base: string | undefined): URL | undefined {
  const whole = address.startsWith('/') && !address.startsWith('//') ? `${base ?? ''}${address}` : address
  return URL.canParse(whole) ? new URL(whole) : undefined
}

/** An address whose host the configuration names, whatever comes after it. */
const WITH_HOST = /^https?:\/\/[^/?#{}\s@]+(?=[/?#]|$)/i

function compileUrl (source: string | undefined, tools: AnswerTools) {
  if (source === undefined) return undefined
  const template = tools.at('url', () => tools.templates.text(embedInUrl(source)))
  if (template === undefined) return undefined
  const startsWithExpression = source.startsWith('{$')
  return {
    isTrusted: tools.isForeign !== true && WITH_HOST.test(source),
    render (context: TemplateContext): string {
      const address = template.render(context).trim()
      // `{$request.body#/url}?id=1`, where the client's address has a query already.
      return startsWithExpression ? address.replace(/(\?.*)\?/s, '$1&') : address
    }
  }
}

type Message = (context: TemplateContext, overrides: Overrides) => Pick<Job, 'headers' | 'body'>

/** Headers and body are compiled as those of an answer are. */
function compileMessage (config: Webhook | Callback, tools: AnswerTools): Message {
  const { content_type: type, body, text, base64, body_schema: schema, template } = config
  const embed = template === false ? (value: unknown) => value : embedInValue
  const headers = Object.fromEntries(Object.entries(config.headers ?? {}).map(([name, value]) => [name, typeof value === 'string' && template !== false ? embedExpressions(value) : value]))
  const answer = compileAnswer({
    status: 200,
    headers,
    ...type !== undefined && { content_type: type },
    ...body !== undefined && { response: embed(body) },
    ...text !== undefined && { text: template === false ? text : embedExpressions(text) },
    ...base64 !== undefined && { base64 },
    ...schema !== undefined && { response_schema: schema },
    ...template !== undefined && { template }
  }, { ...tools, at: (key, compile) => tools.at(key.replace(/^response(?=\/|$)/, 'body'), compile) })

  return (context, overrides) => {
    const rendered: Record<string, string | string[]> = { ...answer.headers }
    for (const [name, render] of answer.templatedHeaders ?? []) rendered[name] = render(context)
    for (const [name, value] of Object.entries(overrides.headers ?? {})) rendered[name.toLowerCase()] = value
    const payload = overrides.body === undefined ? render(answer.body, context) : textOf(overrides.body, rendered['content-type'])
    if (overrides.body !== undefined) rendered['content-type'] ??= 'application/json; charset=utf-8'
    if (payload === undefined) delete rendered['content-type']
    return { headers: rendered, body: payload === undefined ? undefined : Buffer.from(payload) }
  }
}

function render (body: BodySource | undefined, context: TemplateContext): string | Buffer | undefined {
  if (body === undefined) return undefined
  if (body.kind === 'constant') return body.payload
  if (body.kind === 'lazy') return body.payload()
  return body.kind === 'templated' ? body.render(context) : undefined
}

/** A text is meant as it stands, where the content type is not JSON. */
function textOf (body: unknown, type: string | string[] | undefined): string {
  const isText = typeof body === 'string' && type !== undefined && !/json/i.test(String(type))
  return isText ? body : JSON.stringify(body)
}
