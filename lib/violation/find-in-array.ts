import { child } from '../json-pointer.ts'
import { toCount, toSchema, toSchemas } from '../schema/keywords.ts'
import { findTwins } from '../schema/unique-items.ts'
import { below, fault, type Here, type Spoken, type Walk } from './walk.ts'

export function findInArray (walk: Walk, at: Here, value: readonly unknown[], path: string, spoken: Spoken | undefined): void {
  const { schema } = at
  const least = toCount(schema.minItems)
  if (least !== undefined && value.length < least) fault(walk, at, 'minItems', path, `must NOT have fewer than ${least} items`, undefined)
  const most = toCount(schema.maxItems)
  if (most !== undefined && value.length > most) fault(walk, at, 'maxItems', path, `must NOT have more than ${most} items`, undefined)
  if (schema.uniqueItems === true) findTwice(walk, at, value, path)
  findItems(walk, at, value, path, spoken)
  if (schema.contains !== undefined) findContained(walk, at, value, path, spoken)
  if (schema.unevaluatedItems === undefined || spoken === undefined) return
  const rest = toSchema(schema.unevaluatedItems)
  for (const [index, item] of value.entries()) {
    if (walk.isFull()) return
    if (!spoken.items.has(index)) walk.step(below(at, 'unevaluatedItems', undefined, rest), item, child(path, index))
    spoken.items.add(index)
  }
}

function findItems (walk: Walk, at: Here, value: readonly unknown[], path: string, spoken: Spoken | undefined): void {
  const prefix = toSchemas(at.schema.prefixItems)
  const items = at.schema.items === undefined || Array.isArray(at.schema.items) ? undefined : toSchema(at.schema.items)
  for (const [index, item] of value.entries()) {
    if (walk.isFull()) return
    const its = prefix[index]
    if (its !== undefined) walk.step(below(at, 'prefixItems', index, its), item, child(path, index))
    else if (items !== undefined) walk.step(below(at, 'items', undefined, items), item, child(path, index))
    else break
    spoken?.items.add(index)
  }
}

function findTwice (walk: Walk, at: Here, value: readonly unknown[], path: string): void {
  const twins = findTwins(value)
  if (twins !== undefined) fault(walk, at, 'uniqueItems', path, `must NOT have duplicate items (items ## ${twins.join(' and ')} are identical)`, undefined)
}

function findContained (walk: Walk, at: Here, value: readonly unknown[], path: string, spoken: Spoken | undefined): void {
  const wanted = below(at, 'contains', undefined, toSchema(at.schema.contains))
  const found = [...value.keys()].filter(index => walk.try(wanted, value[index], '').length === 0)
  for (const index of found) spoken?.items.add(index)
  const count = found.length
  const least = toCount(at.schema.minContains) ?? 1
  const most = toCount(at.schema.maxContains)
  if (count < least || (most !== undefined && count > most)) {
    fault(walk, at, 'contains', path, `must contain at least ${least}${most === undefined ? '' : ` and no more than ${most}`} valid item(s)`, undefined)
  }
}
