/** A way into a row: `author.name` and `names[0]` are two steps each. */
export type PropertyPath = readonly string[]

const LONGEST = 20

/** Undefined where it is none, or too deep. */
export function propertyPath (text: string): PropertyPath | undefined {
  if (!text.includes('.') && !text.includes('[')) return text === '' ? undefined : [text]
  const path = text.replace(/\[(\w+)\]/g, '.$1').split('.')
  return path.length > LONGEST || path.includes('') ? undefined : path
}

/** What stands there: own members only, so that nobody gets at prototypes. */
export function valueAt (value: unknown, path: PropertyPath): unknown {
  let at = value
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined
    at = Reflect.get(at, step)
  }
  return at
}
