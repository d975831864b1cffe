import { child } from '../json-pointer.ts'
import { isObject, membersOf, type JsonObject } from './json-object.ts'
import type { Refs, Target } from './refs.ts'
import { noSuchReference } from './scope.ts'

/** The keys of a path item that are methods; `query` since 3.2. */
const METHODS = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'])

/** One operation of the document. */
export interface Operation {
  /** As sent: `GET`; of `additionalOperations`, as written. */
  method: string
  /** The key among `paths`. */
  path: string
  item: Target & { value: JsonObject }
  operation: Target & { value: JsonObject }
}

/** An operation, or a path, that cannot be one. */
export interface Unusable {
  label: string
  pointer: string
  reason: string
}

/** Told of a key that stands beside the `$ref` of a path item and in what it leads to: what that means is undefined. */
export type OnBoth = (pointer: string, key: string) => void

/** The operations in the document's order; `onUnusable` is told what looks like one and is none. */
export function operationsOf (document: JsonObject, refs: Refs, onUnusable: (unusable: Unusable) => void, onBoth: OnBoth = () => {}): Operation[] {
  return operationsIn(document.paths, '/paths', refs, onUnusable, onBoth)
}

/** The operations of path items by name: the document's paths or webhooks, or the addresses of a callback. */
export function operationsIn (items: unknown, at: string, refs: Refs, onUnusable: (unusable: Unusable) => void, onBoth: OnBoth = () => {}): Operation[] {
  const operations: Operation[] = []
  const paths = refs.follow(items, at)
  if ('missing' in paths) {
    onUnusable({ label: at.slice(1), pointer: at, reason: noSuchReference(paths.missing) })
    return operations
  }
  for (const [path, declared] of membersOf(paths.value)) {
    const pointer = child(paths.pointer, path)
    const target = refs.follow(declared, pointer)
    const beside = isObject(declared) && '$ref' in declared ? declared : undefined
    if ('missing' in target) onUnusable({ label: path, pointer, reason: noSuchReference(target.missing) })
    else if (!isObject(target.value)) {
      if (target.value !== null) onUnusable({ label: path, pointer, reason: 'the path item is not an object' })
      continue
    }
    collect(path, 'missing' in target ? undefined : target, beside, pointer, operations)
    if (beside === undefined || 'missing' in target || !isObject(target.value)) continue
    for (const key of Object.keys(beside)) if (key !== '$ref' && Object.hasOwn(target.value, key)) onBoth(child(pointer, key), key)
  }
  return operations
}

/** The operations of a path item; what stands beside its `$ref` wins over what the reference leads to. */
function collect (path: string, found: Target | undefined, beside: JsonObject | undefined, pointer: string, operations: Operation[]): void {
  const own = found !== undefined && isObject(found.value) ? found.value : {}
  const value = beside === undefined ? own : { ...own, ...beside }
  const item = { value, pointer: found?.pointer ?? pointer }
  const at = (key: string): string => child(beside !== undefined && key in beside ? pointer : item.pointer, key)
  for (const [key, operation] of Object.entries(value)) {
    if (METHODS.has(key) && isObject(operation)) operations.push({ method: key.toUpperCase(), path, item, operation: { value: operation, pointer: at(key) } })
  }
  for (const [method, operation] of membersOf(value.additionalOperations)) {
    if (isObject(operation)) operations.push({ method, path, item, operation: { value: operation, pointer: child(at('additionalOperations'), method) } })
  }
}
