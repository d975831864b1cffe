import { isObject, type ObjectSchema } from '../schema/subschemas.ts'
import { mergeLists, type MergedList } from './merge-list.ts'
import { below, interleave, same, type Merged, type Note, type Side, type Slot, type Three } from './slot.ts'

/** Objects of these names are made of parts of their own, so that what both sides added can stand side by side. */
const CONTAINERS = new Set(['schema', 'headers', 'defaults', 'properties', 'content', '$defs'])

/**
 * Merges three versions of a value: what the document gave then, what the file says, and what the document gives now. What one side
 * alone has changed is taken from it; objects and lists are merged part by part; where both have changed the same, `prefer` counts
 * and the conflict is noted.
 *
 * @param path where in the configuration, with `*` for items of lists
 */
export function mergeSlots (three: Three, path: readonly string[], prefer: Side): Merged {
  const { base, mine, document } = three
  if (same(mine, document) || same(base, document)) return { slot: mine, notes: [] }
  if (same(base, mine)) return { slot: document, notes: [{ kind: 'taken', path: [], before: mine, after: document }] }
  return mergeInside(three, path, prefer) ?? {
    slot: prefer === 'mine' ? mine : document,
    notes: [{ kind: 'conflict', path: [], base, mine, document }]
  }
}

/** Undefined where there is nothing inside that could be told apart. */
function mergeInside (three: Three, path: readonly string[], prefer: Side): Merged | undefined {
  const [base, mine, document] = [three.base?.value, three.mine?.value, three.document?.value]
  if (isObject(mine) && isObject(document)) {
    if (isObject(base)) return mergeMembers({ base, mine, document }, path, prefer)
    if (three.base === undefined && CONTAINERS.has(path.at(-1) ?? '')) return mergeMembers({ base: {}, mine, document }, path, prefer)
  }
  if (!Array.isArray(base) || !Array.isArray(mine) || !Array.isArray(document)) return undefined
  const merged = mergeItems({ base, mine, document }, path, prefer)
  return merged && { slot: { value: merged.rows.flatMap(({ result }) => result === undefined ? [] : [result.value]) }, notes: merged.notes }
}

export function mergeItems (lists: Record<keyof Three, readonly unknown[]>, path: readonly string[], prefer: Side): MergedList | undefined {
  return mergeLists(lists, path, (three, path) => mergeSlots(three, path, prefer))
}

/** Merges three versions of an object, key by key. The file's order is kept; new keys stand behind those they follow in the document. */
export function mergeMembers ({ base, mine, document }: Record<keyof Three, ObjectSchema>, path: readonly string[], prefer: Side, merge = mergeSlots): Merged {
  const notes: Note[] = []
  const results = new Map<string, unknown>()
  for (const key of new Set([...Object.keys(base), ...Object.keys(mine), ...Object.keys(document)])) {
    const { slot, notes: inside } = merge({ base: memberOf(base, key), mine: memberOf(mine, key), document: memberOf(document, key) }, [...path, key], prefer)
    if (slot !== undefined) results.set(key, slot.value)
    notes.push(...inside.map(note => below(key, note)))
  }
  const present = (object: ObjectSchema): string[] => Object.keys(object).filter(key => results.has(key))
  const order = interleave(present(mine), present(document))
  // fromEntries defines own members, so that one called `__proto__` stays one.
  return { slot: { value: Object.fromEntries(order.map(key => [key, results.get(key)])) }, notes }
}

const memberOf = (object: ObjectSchema, key: string): Slot => Object.hasOwn(object, key) ? { value: object[key] } : undefined
