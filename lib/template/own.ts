/**
 * The one way in which templates reach into values: own properties only, so that prototypes (`constructor`,
 * `__proto__`, methods) do not exist for them. Functions are no data. A text has nothing but its length.
 */
export function own (target: unknown, key: string): unknown {
  if (typeof target === 'object' && target !== null) {
    if (!Object.hasOwn(target, key)) return undefined
    // The seam: an object with an own property of that name is a record for this purpose.
    const value = (target as Readonly<Record<string, unknown>>)[key]
    return typeof value === 'function' ? undefined : value
  }
  return typeof target === 'string' && key === 'length' ? target.length : undefined
}

/** Follows several keys. */
export function dig (target: unknown, keys: readonly string[]): unknown {
  let value = target
  for (let i = 0; i < keys.length && value !== undefined; i++) value = own(value, keys[i]!)
  return value
}

/** Sets an own property whatever its name: `__proto__` becomes data and not the prototype. */
export function setOwn (target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
  else target[key] = value
}

/** An object that is neither a list nor one of the built-in kinds (Date, Buffer). */
export function isRecord (value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype || !(value instanceof Date || ArrayBuffer.isView(value))
}
