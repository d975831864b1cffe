import type { Webhook } from '../config.ts'
import { operationsIn } from './operations.ts'
import { outgoingRequest } from './outgoing-request.ts'
import { createScope, type ImportContext, type Scope } from './scope.ts'

/** A webhook on its way into the configuration, with what was lost of it. */
export interface ImportedWebhook {
  name: string
  webhook: Webhook
  scope: Scope
}

/**
 * The webhooks of a document: `webhooks` since 3.1, before that `x-webhooks`. One that can come by several methods becomes several:
 * `newPet`, `newPet PUT`.
 */
export function webhooksOf (context: ImportContext, onUnusable: (label: string, pointer: string, reason: string) => void): ImportedWebhook[] {
  const { document, refs } = context
  const found = new Map<string, ImportedWebhook>()
  for (const key of ['webhooks', 'x-webhooks']) {
    if (document[key] === undefined) continue
    const requests = operationsIn(document[key], `/${key}`, refs, ({ label, pointer, reason }) => onUnusable(`webhook ${label}`, pointer, reason))
    for (const request of requests) {
      const name = found.has(request.path) ? `${request.path} ${request.method}` : request.path
      if (found.has(name)) continue
      const scope = createScope(context)
      try {
        found.set(name, { name, webhook: outgoingRequest(context, request, scope), scope })
      } catch (error) {
        onUnusable(`webhook ${name}`, request.operation.pointer, `could not be imported: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
  }
  return [...found.values()]
}
