import type { Webhook } from '../config.ts'
import { messageOf } from '../message-of.ts'
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
 * The webhooks of a document (OpenAPI 3.1, section 4.8.1). One that can come by several methods becomes several: `newPet`,
 * `newPet PUT`. The `x-webhooks` of other tools are left alone: GitHub's 270 would make each start a fifth longer.
 */
export function webhooksOf (context: ImportContext, onUnusable: (label: string, pointer: string, reason: string) => void): ImportedWebhook[] {
  const { document: { webhooks }, refs } = context
  if (webhooks === undefined) return []
  const found = new Map<string, ImportedWebhook>()
  const requests = operationsIn(webhooks, '/webhooks', refs, ({ label, pointer, reason }) => onUnusable(`webhook ${label}`, pointer, reason))
  for (const request of requests) {
    const name = found.has(request.path) ? `${request.path} ${request.method}` : request.path
    const scope = createScope(context)
    try {
      found.set(name, { name, webhook: outgoingRequest(context, request, scope), scope })
    } catch (error) {
      onUnusable(`webhook ${name}`, request.operation.pointer, `could not be imported: ${messageOf(error)}`)
    }
  }
  return [...found.values()]
}
