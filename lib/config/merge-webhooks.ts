import type { Webhook } from '../config.ts'
import { child } from '../json-pointer.ts'
import { quote } from './describe.ts'
import { freezeWebhook } from './freeze.ts'
import { formatPlace } from './place.ts'
import { asSchema, mapReferences, type VisitReference } from './references.ts'
import type { Report } from './report.ts'
import type { Unit } from './unit.ts'

/** A webhook among those of all files, and the file that it comes from. */
export interface WebhookMember {
  unit: Unit
  webhook: Webhook
}

/** The webhooks of all files, by name. */
export interface WebhookPool {
  readonly members: ReadonlyMap<string, WebhookMember>
  /** Adds those of a file; `visit` turns its references into those to renamed schemas. */
  add (unit: Unit, visit: VisitReference | undefined): void
}

/**
 * Webhooks are merged by name. What a person writes goes over what an OpenAPI document says of the same one, key by key: so its
 * address can be set and its body left to the document. Of two that are written, the first counts, and the other is told.
 */
export function createWebhookPool (report: Report): WebhookPool {
  const members = new Map<string, WebhookMember>()
  return {
    members,
    add (unit, visit) {
      for (const [name, written] of Object.entries(unit.config.webhooks ?? {})) {
        const webhook = freezeWebhook(visit === undefined ? written : withReferences(written, visit), unit.file !== undefined)
        const earlier = members.get(name)
        if (earlier === undefined) members.set(name, { unit, webhook })
        else if (earlier.unit.imported !== unit.imported) members.set(name, over(earlier, { unit, webhook }))
        else {
          const pointer = child('/webhooks', name)
          const message = `the webhook ${quote(name)} is already defined at ${formatPlace(earlier.unit.place, pointer, 'key')}, which counts`
          report.add({ severity: 'warning', code: 'duplicate-webhook', message, pointer, target: 'key' }, unit.place)
        }
      }
    }
  }
}

/** What is written over what is imported, in whatever order they come. */
function over (a: WebhookMember, b: WebhookMember): WebhookMember {
  const [written, imported] = a.unit.imported ? [b, a] : [a, b]
  const { body, text, base64, body_schema: schema, content_type: type, ...rest } = imported.webhook
  const { webhook } = written
  // A body of one kind takes the place of that of another.
  const hasBody = [webhook.body, webhook.text, webhook.base64, webhook.body_schema].some(part => part !== undefined)
  return { unit: written.unit, webhook: Object.freeze({ ...hasBody ? rest : imported.webhook, ...webhook }) }
}

function withReferences<T extends Webhook> (webhook: T, visit: VisitReference): T {
  return webhook.body_schema === undefined ? webhook : { ...webhook, body_schema: asSchema(mapReferences(webhook.body_schema, '', visit)) }
}
