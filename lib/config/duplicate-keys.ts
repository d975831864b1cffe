import { visit } from 'jsonc-parser'
import { createLineIndex, type Position } from './place.ts'

/** A key that an object has twice, and where it stands for the second time. */
export interface Duplicate extends Position {
  key: string
}

/** A text of this many characters may still be searched for duplicate keys, which costs more than reading it. */
export const MAX_SEARCHED = 2_000_000

/**
 * The duplicate keys of a JSON text. `JSON.parse` drops them silently, so the keys of the text are counted against those of the
 * value, and only when these differ is the text gone through.
 */
export function jsonDuplicates (text: string, value: unknown): Duplicate[] {
  const written = text.match(/"\s*:/g)?.length ?? 0
  if (written === countKeys(value)) return []
  const positionAt = createLineIndex(text)
  const duplicates: Duplicate[] = []
  const objects: Array<Set<string>> = []
  visit(text, {
    onObjectBegin: () => { objects.push(new Set()) },
    onObjectEnd: () => { objects.pop() },
    onObjectProperty (key, offset) {
      const keys = objects.at(-1)
      if (keys?.has(key) === true) duplicates.push({ key, ...positionAt(offset) })
      keys?.add(key)
    }
  }, { allowTrailingComma: true })
  return duplicates
}

function countKeys (value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const members: unknown[] = Object.values(value)
  let count = Array.isArray(value) ? 0 : members.length
  for (const member of members) count += countKeys(member)
  return count
}

/** The same for YAML, whose lenient parser tells the offsets. */
export function yamlDuplicates (offsets: readonly number[], text: string): Duplicate[] {
  const positionAt = createLineIndex(text)
  return offsets.map(offset => ({ key: /^["']?([^"':\n]*)/.exec(text.slice(offset, offset + 200))?.[1] ?? '', ...positionAt(offset) }))
}
