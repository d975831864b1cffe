import type { SchemaNode } from '../generate/node.ts'
import { singular, wordsOf } from '../generate/words.ts'
import { fieldsOf, isObjectNode, mayBe, spelled } from './object-fields.ts'

/** What things are known by, where a parameter is called as the thing itself (`/customers/{customer}`), the likeliest first. */
const IDENTIFIERS = ['id', 'uuid', 'guid', 'uid', 'slug', 'login', 'username', 'handle', 'key', 'code', 'sku', 'isbn', 'number', 'sha', 'name']

/**
 * The fields of an object that may say what the id in its path says, the likeliest first. For `issue_number` in `/issues`
 * these are `issue_number` and `number`; for `id` in `/users` they are `id` and `user_id`.
 *
 * @param collection last literal segment before the parameter: `users`
 * @param isNumber whether the parameter is a number
 */
export function identifyingFields (node: SchemaNode, parameter: string, collection: string, isNumber: boolean): string[] {
  const words = wordsOf(parameter)
  const thing = thingOf(collection)
  const own = words.join('_')
  const wanted = [own]
  // `petId` of `/pets` is the pet's `id`.
  if (own.startsWith(`${thing}_`)) wanted.push(own.slice(thing.length + 1))
  if (words.length > 1 && IDENTIFIERS.includes(words.at(-1)!)) wanted.push(words.at(-1)!)
  if (words.length === 1) wanted.push(`${thing}_${own}`)
  const named = existing(node, wanted, isNumber, false)
  if (named.length > 0 && own !== thing) return named
  // The parameter is called as the thing (`/orgs/{org}`, `/users/{username}`), or in a way that says nothing.
  return [...new Set([...named, ...existing(node, IDENTIFIERS, isNumber, !words.includes('id'))])]
}

/** What one of a collection is called: `payment_link` for `paymentLinks`. */
export function thingOf (collection: string): string {
  const words = wordsOf(collection)
  return [...words.slice(0, -1), singular(words.at(-1) ?? '')].join('_')
}

/**
 * The fields that say what a parameter further up the path says: the order in `/users/{userId}/orders/{id}` has a `user_id`.
 *
 * @param after the segment before the parameter: `users`
 */
export function scopeFields (node: SchemaNode, parameter: string, after: string): string[] {
  const words = wordsOf(parameter)
  const thing = thingOf(after)
  const own = words.join('_')
  const qualified = own === thing || own.startsWith(`${thing}_`) ? own : `${thing}_${own}`
  const isBare = words.length === 1 && (IDENTIFIERS.includes(own) || own === 'id')
  return existing(node, isBare ? [qualified] : [own, qualified, `${own}_id`], false, false)
}

function existing (node: SchemaNode, wanted: readonly string[], isNumber: boolean, preferTexts: boolean): string[] {
  const fields = [...fieldsOf(node)]
  const found = [...new Set(wanted)].flatMap(name => fields.flatMap(([field, its]) => spelled(field) === name && mayHoldId(its) ? { field, its } : []))
  const fits = ({ its }: { its: SchemaNode }) => isNumber ? mayBe(its, 'integer', 'number') : !preferTexts || mayBe(its, 'string')
  return [...found.filter(fits), ...found.filter(one => !fits(one))].map(({ field }) => field)
}

const mayHoldId = (node: SchemaNode): boolean => mayBe(node, 'string', 'integer', 'number') && !isObjectNode(node) && !node.hidden

/** The field by which an object is told from others, where no path says so. */
export function ownIdentifier (node: SchemaNode): string | undefined {
  const fields = [...fieldsOf(node)].filter(([, its]) => mayHoldId(its))
  for (const name of ['id', 'uuid', 'guid', 'uid', 'key']) {
    const field = fields.find(([field]) => spelled(field) === name || spelled(field) === `_${name}`)
    if (field !== undefined) return field[0]
  }
  return undefined
}
