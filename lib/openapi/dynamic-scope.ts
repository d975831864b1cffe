import { child } from '../json-pointer.ts'
import { isObject, objectAt, type JsonObject } from './json-object.ts'
import type { Refs, Target } from './refs.ts'

/** What each dynamic anchor stands for on the way to a schema: what the outermost schema says of it. */
export type DynamicScope = ReadonlyMap<string, { readonly pointer: string, readonly owner: string }>

export const NO_SCOPE: DynamicScope = new Map()

/**
 * `$dynamicRef` (JSON Schema 2020-12, core, section 8.2.3.2): a schema leaves a place open, and who refers to it says what goes
 * there. Generic lists are written so: `Page` has items that `UserPage` makes users. Other schemas know nothing of it, so each
 * use becomes a schema of its own.
 */
export interface DynamicScopes {
  /** The scope inside of a schema that is entered: an anchor that is bound already stays so. */
  enter (scope: DynamicScope, target: Target, owner: string): DynamicScope
  /** What a `$dynamicRef` that statically leads to a target leads to. */
  meant (scope: DynamicScope, target: Target): string | undefined
  /** What of a scope matters to a schema: the anchors that it, or what it refers to, leaves open, and does not bind in this very way itself. */
  relevant (scope: DynamicScope, target: Target): DynamicScope
}

export function createDynamicScopes (refs: Refs): DynamicScopes {
  const open = new Map<string, ReadonlySet<string>>()

  /** Names of the anchors by which a schema refers dynamically, directly or through what it refers to. */
  function openIn ({ value, pointer }: Target): ReadonlySet<string> {
    const known = open.get(pointer)
    if (known !== undefined) return known
    const names = new Set<string>()
    const seen = new Set<unknown>()
    const queue: unknown[] = [value]
    for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
      if (typeof node !== 'object' || node === null || seen.has(node)) continue
      seen.add(node)
      if (isObject(node)) {
        for (const ref of [node.$ref, node.$dynamicRef]) {
          const target = typeof ref === 'string' ? refs.find(ref) : undefined
          if (target === undefined) continue
          if (ref === node.$dynamicRef) for (const name of anchorOf(target)) names.add(name)
          queue.push(target.value)
        }
      }
      queue.push(...Object.values(node))
    }
    open.set(pointer, names)
    return names
  }

  return {
    enter (scope, target, owner) {
      const own = anchorsOf(target)
      if (own.length === 0) return scope
      return new Map([...own.map(([name, pointer]) => [name, { pointer, owner }] as const), ...scope])
    },
    meant: (scope, target) => anchorOf(target).flatMap(name => scope.get(name)?.pointer ?? [])[0],
    relevant (scope, target) {
      if (scope.size === 0) return scope
      const names = openIn(target)
      const own = new Map(anchorsOf(target))
      return new Map([...scope].filter(([name, { pointer }]) => names.has(name) && own.get(name) !== pointer))
    }
  }
}

const anchorOf = ({ value }: Target): string[] => isObject(value) && typeof value.$dynamicAnchor === 'string' ? [value.$dynamicAnchor] : []

/** The dynamic anchors of a schema and of its definitions, with where they stand. */
function anchorsOf ({ value, pointer }: Target): Array<[name: string, pointer: string]> {
  if (!isObject(value)) return []
  const found: Array<[string, string]> = anchorOf({ value, pointer }).map(name => [name, pointer])
  const definitions: JsonObject = objectAt(value, '$defs') ?? {}
  for (const [key, its] of Object.entries(definitions)) {
    const at = child(child(pointer, '$defs'), key)
    for (const name of anchorOf({ value: its, pointer: at })) found.push([name, at])
  }
  return found
}
