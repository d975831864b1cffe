import { child } from '../json-pointer.ts'
import { isObject, type JsonObject } from './json-object.ts'
import { refTokens } from './reference.ts'

/** Something in the document, and the JSON pointer to it. */
export interface Target {
  value: unknown
  pointer: string
}

export interface Refs {
  /** What one reference points at, which may be a reference again; undefined when there is nothing. */
  find (ref: string): Target | undefined
  /** Follows a value that is a Reference Object until it is none; `{ missing }` tells the reference that leads nowhere. */
  follow (value: unknown, pointer: string): Target | { missing: string }
}

/** Longer chains of references are taken for circles. */
const MAX_HOPS = 32

/**
 * Resolves references inside one document (`#/a/b`, `#anchor`), one at a time and without copying. A reference may lead
 * through another one: in `#/components/schemas/Pet/properties/name`, `Pet` may itself be a `$ref`.
 */
export function createRefs (document: JsonObject): Refs {
  const found = new Map<string, Target | undefined>()
  let anchors: Map<string, Target> | undefined

  function find (ref: string): Target | undefined {
    if (found.has(ref)) return found.get(ref)
    // Told before it is known: a reference that leads through itself finds nothing.
    found.set(ref, undefined)
    const target = locate(ref)
    found.set(ref, target)
    return target
  }

  function locate (ref: string): Target | undefined {
    if (ref === '#') return { value: document, pointer: '' }
    if (!ref.startsWith('#')) return undefined
    if (!ref.startsWith('#/')) {
      anchors ??= collectAnchors(document)
      return anchors.get(ref.slice(1))
    }
    let target: Target = { value: document, pointer: '' }
    for (const token of refTokens(ref)) {
      let next = step(target, token)
      for (let hops = 0; next === undefined && hops < MAX_HOPS; hops++) {
        if (!isObject(target.value) || typeof target.value.$ref !== 'string') return undefined
        const through = find(target.value.$ref)
        if (through === undefined) return undefined
        target = through
        next = step(target, token)
      }
      if (next === undefined) return undefined
      target = next
    }
    return target
  }

  function follow (value: unknown, pointer: string): Target | { missing: string } {
    let target: Target = { value, pointer }
    for (let hops = 0; isObject(target.value) && typeof target.value.$ref === 'string'; hops++) {
      const ref = target.value.$ref
      const next = hops < MAX_HOPS ? find(ref) : undefined
      if (next === undefined) return { missing: ref }
      target = next
    }
    return target
  }

  return { find, follow }
}

function step ({ value, pointer }: Target, token: string): Target | undefined {
  if (Array.isArray(value)) return Object.hasOwn(value, token) ? { value: value[Number(token)], pointer: child(pointer, token) } : undefined
  return isObject(value) && Object.hasOwn(value, token) ? { value: value[token], pointer: child(pointer, token) } : undefined
}

/** `$anchor` and `$dynamicAnchor` by name; of several with one name, the first. */
function collectAnchors (document: JsonObject): Map<string, Target> {
  const anchors = new Map<string, Target>()
  const seen = new Set<object>()
  const visit = (value: unknown, pointer: string): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return
    seen.add(value)
    if (isObject(value)) {
      for (const name of [value.$anchor, value.$dynamicAnchor]) {
        if (typeof name === 'string' && !anchors.has(name)) anchors.set(name, { value, pointer })
      }
    }
    for (const [key, member] of Object.entries(value)) visit(member, child(pointer, key))
  }
  visit(document, '')
  return anchors
}
