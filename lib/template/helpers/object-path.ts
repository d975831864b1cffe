import { own } from '../own.ts'

/** Splits `a.b.[c.d].0`, `a\.b` and `a[0].b` into keys. */
function splitPath (path: string): string[] {
  const keys: string[] = []
  for (const match of path.matchAll(/\[(?:(['"])(.*?)\1|([^\]]*))\]|((?:\\.|[^.[\\])+)/g)) {
    keys.push(match[2] ?? match[3] ?? match[4]!.replace(/\\(.)/g, '$1'))
  }
  return keys
}

const splits = new Map<string, readonly string[]>()

/** Follows a path that is written as text; undefined where it leads nowhere. */
export function digText (target: unknown, path: string): unknown {
  let keys = splits.get(path)
  if (keys === undefined) {
    if (splits.size >= 1000) splits.clear()
    splits.set(path, keys = splitPath(path))
  }
  let value = target
  for (const key of keys) {
    if (value === undefined) return undefined
    value = own(value, key)
  }
  return value
}
