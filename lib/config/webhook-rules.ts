import type { Callback, Config, DeliveryOptions, Webhook } from '../config.ts'
import { child } from '../json-pointer.ts'
import { messageOf } from '../message-of.ts'
import { targetPolicy } from '../webhook/target-policy.ts'
import { quote } from './describe.ts'
import { base64Rules, headerRules, latencyRules, singleBodyRules } from './message-rules.ts'
import { ALL_METHODS } from './methods.ts'
import { nearest } from './nearest.ts'
import type { Finding } from './report.ts'

/** The kinds of body, of which a webhook has one. */
const BODY_KINDS = ['body', 'text', 'base64'] as const

/** What a schema cannot say about the webhooks of a configuration, and about where they may go. */
export function * webhooksRules ({ webhooks = {}, deliveries }: Config): Generator<Finding> {
  for (const [name, webhook] of Object.entries(webhooks)) yield * webhookRules(webhook, child('/webhooks', name))
  if (deliveries !== undefined) yield * deliveriesRules(deliveries)
}

/** What a schema cannot say about the callbacks of an endpoint or answer. */
export function * callbacksRules (callbacks: readonly Callback[], pointer: string): Generator<Finding> {
  for (const [index, callback] of callbacks.entries()) yield * webhookRules(callback, child(pointer, index))
}

function * webhookRules (webhook: Webhook | Callback, pointer: string): Generator<Finding> {
  const { method, headers, base64, delay_ms: delay, url, sign } = webhook
  yield * singleBodyRules(webhook, BODY_KINDS, 'a webhook', pointer)
  if (method !== undefined && !ALL_METHODS.includes(method.toUpperCase())) {
    const near = nearest(method.toUpperCase(), ALL_METHODS)
    yield { code: 'unknown-method', message: `${quote(method)} is not an HTTP method that this server can send`, hint: near === undefined ? undefined : `did you mean '${near}'?`, pointer: child(pointer, 'method') }
  }
  if (url !== undefined) yield * urlRules(url, child(pointer, 'url'))
  if (headers !== undefined) yield * headerRules(headers, child(pointer, 'headers'))
  if (sign?.header !== undefined) yield * headerRules({ [sign.header]: '' }, `${pointer}/sign/header`)
  if (base64 !== undefined) yield * base64Rules(base64, child(pointer, 'base64'))
  if (delay !== undefined) yield * latencyRules(delay, child(pointer, 'delay_ms'))
}

/** An address without anything to fill in has to be one as it stands. */
function * urlRules (url: string, pointer: string): Generator<Finding> {
  if (url.includes('{') || url.startsWith('$') || url.startsWith('/')) return
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return
  yield { code: 'bad-url', message: `${quote(url)} is no address that can be called`, hint: 'write a whole one, as in http://localhost:9000/hook', pointer }
}

function * deliveriesRules ({ allow = [], url }: DeliveryOptions): Generator<Finding> {
  if (url !== undefined) yield * urlRules(url, '/deliveries/url')
  for (const [index, entry] of allow.entries()) {
    try {
      targetPolicy([entry])
    } catch (error) {
      yield { code: 'bad-allow', message: messageOf(error), pointer: child('/deliveries/allow', index) }
    }
  }
}
