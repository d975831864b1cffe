import { collectionOf } from '../collection/create-collections.ts'
import type { Collection, Row } from '../collection/collection.ts'
import type { Exchange } from '../exchange.ts'
import type { RequestView } from '../request-view.ts'
import { invalidRequest } from '../violation/rejection.ts'
import type { Violation } from '../violation/violation.ts'
import { rejected } from './answers.ts'
import type { Belonging } from './query/select.ts'
import type { Resource } from './resource.ts'
import type { ObjectTo, Responded } from './responder.ts'

/** One request to a resource, with what it is about. */
export interface Visit {
  readonly exchange: Exchange
  readonly request: RequestView
  readonly resource: Resource
  readonly collection: Collection
  /** What the path says about its rows besides the id. */
  readonly belonging: readonly Belonging[]
  readonly objectTo: ObjectTo
}

/** Path parameters that are properties of the rows: `/tenants/:tenant_id/users`. */
export function belongingOf (collection: Collection, names: readonly string[], { params }: RequestView): Belonging[] {
  return names.map(property => ({ property, value: valueLike(collection, property, String(params[property])) }))
}

/** A text of an address as the rows have such values: a number, where theirs are. */
export function valueLike (collection: Collection, property: string, text: string): string | number {
  const [first] = collection.rows()
  const isNumber = first !== undefined && Object.hasOwn(first, property) ? typeof first[property] === 'number' : property !== collection.idKey || first === undefined
  return isNumber && /^(?:0|-?[1-9]\d{0,14})$/.test(text) ? Number(text) : text
}

export const collectionFor = (exchange: Exchange, name: string): Collection => collectionOf(exchange.store.collections, name)

/** Whether a row is one of those that the path is about. */
export const belongs = (row: Row, belonging: readonly Belonging[]): boolean =>
  belonging.every(({ property, value }) => Object.hasOwn(row, property) && String(row[property]) === String(value))

/** Takes exception to a request that is not sound; whether it has been answered with that, as its mode has it. */
export const objects = ({ resource, objectTo }: Visit, violations: readonly Violation[]): boolean =>
  objectTo(invalidRequest(violations, resource.invalidStatus))

/** The same for what cannot be done, whatever the mode. */
export function refuse ({ resource, objectTo }: Visit, violations: readonly Violation[]): Responded | undefined {
  const rejection = invalidRequest(violations, resource.invalidStatus)
  return objectTo(rejection) ? undefined : rejected(rejection)
}
