import { carryDigits } from '../exact-numbers.ts'
import type { Callback, CollectionOptions, Endpoint, Response, Webhook } from '../config.ts'

/**
 * How a value becomes immutable: what was read from a file is ours and is frozen in place; what came from code belongs to
 * its owner, so a copy is frozen.
 */
export type Settle = <T>(value: T) => T

/** Freezes everything in it, in place. */
export const freezeOwned: Settle = value => {
  // A frozen object has been here before: aliases share objects.
  if (typeof value !== 'object' || value === null || Object.isFrozen(value) || ArrayBuffer.isView(value)) return value
  Object.freeze(value)
  for (const member of Object.values(value)) freezeOwned(member)
  return value
}

/** A frozen copy of lists and plain objects; class instances (dates, buffers) stay what they are. */
export const freezeCopy: Settle = value => {
  if (typeof value !== 'object' || value === null || copies.has(value)) return value
  if (Array.isArray(value)) return kept(value, value.map(item => freezeCopy(item)))
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return value
  return mapMembers(value, (_, member) => freezeCopy(member))
}

/** Copies made here need not be made again when a loaded configuration is loaded once more. */
const copies = new WeakSet<object>()

/** The seam where a copy gets the type of what it was copied from. */
function kept<T extends object> (original: T, copy: object): T {
  copies.add(Object.freeze(carryDigits(original, copy)))
  return copy as T
}

/** A frozen copy of an object with other members; an own member called `__proto__` stays one. */
function mapMembers<T extends object> (value: T, map: (key: string, member: unknown) => unknown): T {
  return kept(value, Object.fromEntries(Object.entries(value).map(([key, member]: [string, unknown]) => [key, map(key, member)])))
}

/**
 * An endpoint, immutable. Schemas from code are neither copied nor frozen: TypeBox marks them with hidden properties, and
 * they may be shared with the user's own routes.
 */
export function freezeEndpoint<T extends Endpoint> (endpoint: T, settle: Settle): T {
  return freezeAnswer(endpoint, settle, (key, member) => {
    if (key === 'schema') return freezeSchemas(member, settle)
    if (key === 'callbacks') return freezeCallbacks(member, settle)
    if (key !== 'responses' || !Array.isArray(member)) return settle(member)
    return Object.freeze(member.map((response: Response) => freezeAnswer(response, settle, (key, other) => key === 'callbacks' ? freezeCallbacks(other, settle) : settle(other))))
  })
}

function freezeAnswer<T extends Response> (answer: T, settle: Settle, rest: (key: string, member: unknown) => unknown): T {
  return mapMembers(answer, (key, member) => key === 'response_schema' ? freezeSchema(member, settle) : rest(key, member))
}

const freezeCallbacks = (callbacks: unknown, settle: Settle): unknown =>
  Array.isArray(callbacks) ? Object.freeze(callbacks.map((callback: Callback) => freezeOutgoing(callback, settle))) : callbacks

/** A webhook, immutable. */
export const freezeWebhook = (webhook: Webhook, isOwned: boolean): Webhook => freezeOutgoing(webhook, isOwned ? freezeOwned : freezeCopy)

const freezeOutgoing = <T extends Webhook | Callback>(webhook: T, settle: Settle): T =>
  mapMembers(webhook, (key, member) => key === 'body_schema' ? freezeSchema(member, settle) : settle(member))

/** A collection, immutable. Offers pauses, as it may have many rows. */
export function * freezeCollection (collection: CollectionOptions, isOwned: boolean): Generator<void, CollectionOptions> {
  if (copies.has(collection)) return collection
  const settle = isOwned ? freezeOwned : freezeCopy
  const rows: Array<Record<string, unknown>> = []
  for (const [index, row] of (collection.rows ?? []).entries()) {
    rows.push(settle(row))
    if (index % 500 === 499) yield
  }
  return mapMembers(collection, (key, member) => {
    if (key === 'rows') return Object.freeze(rows)
    return key === 'schema' ? freezeSchema(member, settle) : settle(member)
  })
}

/** An object whose members are schemas. */
export function freezeSchemas<T> (schemas: T, settle: Settle): T {
  return typeof schemas === 'object' && schemas !== null ? mapMembers(schemas, (_, schema) => freezeSchema(schema, settle)) : schemas
}

const freezeSchema: (schema: unknown, settle: Settle) => unknown = (schema, settle) => settle === freezeOwned ? settle(schema) : schema
