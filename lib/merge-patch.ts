import { isObject } from './schema/subschemas.ts'

/**
 * A value with a JSON merge patch applied (RFC 7396, section 2); neither is changed. Null removes a key, an object is merged,
 * anything else replaces. The result is as valid as the patch: whoever takes it has to check it.
 *
 * @example
 * mergePatch({ path: '/a', status: 200 }, { status: null, latency_ms: 5 }) // { path: '/a', latency_ms: 5 }
 */
export function mergePatch<T extends object> (target: T, patch: Readonly<Record<string, unknown>>): T
export function mergePatch (target: object, patch: Readonly<Record<string, unknown>>): object {
  // Entries, not assignments: a key `__proto__` stays a key.
  const merged = new Map<string, unknown>(Object.entries(target))
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key)
    else merged.set(key, isObject(value) ? mergePatch(asObject(merged.get(key)), value) : value)
  }
  return Object.fromEntries(merged)
}

const asObject = (value: unknown): Record<string, unknown> => isObject(value) ? value : {}
