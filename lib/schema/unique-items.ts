import { isObject } from './subschemas.ts'

/**
 * The places of two items that are equal, as JSON Schema sees it (draft 2020-12, section 4.2.2); undefined where all differ. Each item
 * becomes a text that equal ones have in common: to compare each with each takes a minute for some ten thousand of them.
 */
export function findTwins (items: readonly unknown[]): readonly [first: number, second: number] | undefined {
  const scalars = new Map<unknown, number>()
  const texts = new Map<unknown, number>()
  for (const [index, item] of items.entries()) {
    const isScalar = typeof item !== 'object' || item === null
    const key = isScalar ? item : textOf(item)
    const known = isScalar ? scalars : texts
    const twin = known.get(key)
    if (twin !== undefined) return [twin, index]
    known.set(key, index)
  }
  return undefined
}

/** JSON, with properties in one order. */
function textOf (value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join()}]`
  if (isObject(value)) return `{${Object.keys(value).sort().map(name => `${JSON.stringify(name)}:${textOf(value[name])}`).join()}}`
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value)
}
