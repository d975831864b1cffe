const INDEX = /^(?:0|[1-9]\d{0,8})$/

/**
 * What a request has under a name: own members only, so that prototypes do not exist for conditions. Texts and bytes have none, and
 * lists only their items.
 */
export function ownValue (target: unknown, name: string): unknown {
  if (typeof target !== 'object' || target === null) return undefined
  if (Array.isArray(target)) return INDEX.test(name) ? target[Number(name)] : undefined
  if (ArrayBuffer.isView(target) || !Object.hasOwn(target, name)) return undefined
  // The seam: an object with an own property of that name is a record for this purpose.
  return (target as Readonly<Record<string, unknown>>)[name]
}

/** The value at the tokens of a JSON pointer. */
export function valueAt (target: unknown, path: readonly string[]): unknown {
  let value = target
  for (let i = 0; i < path.length && value !== undefined; i++) value = ownValue(value, path[i]!)
  return value
}
