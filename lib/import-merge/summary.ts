import { isDeepStrictEqual } from 'node:util'
import { child } from '../json-pointer.ts'
import { isObject } from '../schema/subschemas.ts'
import type { Clash, Note, Slot, Step, Taken } from './slot.ts'

export type Kind = 'endpoint' | 'schema' | 'setting'

/** What was taken over from the document, for one endpoint, shared schema or key of the whole server. */
export interface Change {
  what: 'added' | 'updated' | 'removed'
  kind: Kind
  /** `GET /users/{id}`, or the name of the schema or the key. */
  name: string
  /** Which parts of it were updated: `schema/querystring`, `responses/404`. */
  parts: string[]
}

export interface Conflict {
  /** Who did what: both changed it, or one removed and the other changed it, or both added it, or who did what is not known. */
  reason: 'both-changed' | 'removed-by-you' | 'removed-in-document' | 'both-added' | 'unknown'
  kind: Kind
  name: string
  /** Which part of it: `responses/404/status`; '' for all of it. */
  part: string
  /** JSON pointer into the merged configuration; of what is not there, to where it would be. */
  pointer: string
  /** The same in the file as it was. */
  pointer_before: string
  /** What each side says; absent where it has removed it. */
  mine?: unknown
  document?: unknown
  /** What the document said when it was last imported. */
  before?: unknown
}

/** What was taken over, each endpoint, schema and key once. */
export function summarise (notes: readonly Note[]): Change[] {
  const changes = new Map<string, Change>()
  for (const note of notes) {
    if (note.kind !== 'taken') continue
    const { kind, name, inside } = placeOf(note.path)
    const what = inside.length > 0 ? 'updated' : note.before === undefined ? 'added' : note.after === undefined ? 'removed' : 'updated'
    const parts = what === 'updated' ? partsOf(note, inside) : []
    const known = changes.get(`${kind} ${name} ${what}`)
    if (known === undefined) changes.set(`${kind} ${name} ${what}`, { what, kind, name, parts })
    else known.parts.push(...parts.filter(part => !known.parts.includes(part)))
  }
  return [...changes.values()]
}

/**
 * @param merged what was made of both
 * @param mine the file as it was
 */
export function conflictsOf (notes: readonly Note[], merged: unknown, mine: unknown): Conflict[] {
  const found = notes.filter((note): note is Clash => note.kind === 'conflict').map(note => {
    const { kind, name, inside } = placeOf(note.path)
    return {
      reason: reasonOf(note),
      kind,
      name,
      part: inside.map(labelOf).join('/'),
      pointer: pointerTo(note.path, merged, ({ item }) => item),
      pointer_before: pointerTo(note.path, mine, ({ own }) => own),
      ...note.mine !== undefined && { mine: note.mine.value },
      ...note.document !== undefined && { document: note.document.value },
      ...note.base !== undefined && { before: note.base.value }
    }
  })
  // A part that is in conflict within a whole that is: the whole says it all.
  return found.filter(({ kind, name, part }) => part === '' || !found.some(other => other.kind === kind && other.name === name && other.part === ''))
}

function reasonOf ({ isUnknown = false, base, mine, document }: Clash): Conflict['reason'] {
  if (isUnknown) return 'unknown'
  if (mine === undefined) return 'removed-by-you'
  if (document === undefined) return 'removed-in-document'
  return base === undefined ? 'both-added' : 'both-changed'
}

interface Place {
  kind: Kind
  name: string
  inside: readonly Step[]
}

function placeOf ([first, second, ...rest]: readonly Step[]): Place {
  if (second !== undefined && first === 'endpoints') return { kind: 'endpoint', name: labelOf(second), inside: rest }
  if (second !== undefined && first === 'schemas') return { kind: 'schema', name: labelOf(second), inside: rest }
  return { kind: 'setting', name: first === undefined ? '' : labelOf(first), inside: second === undefined ? [] : [second, ...rest] }
}

const labelOf = (step: Step): string => typeof step === 'string' ? step : step.label

/** How deep a change is told. */
const TOLD_DEPTH = 2

function partsOf ({ before, after }: Taken, inside: readonly Step[]): string[] {
  const path = inside.map(labelOf).slice(0, TOLD_DEPTH)
  return path.length < TOLD_DEPTH ? changedKeys(before, after).map(key => [...path, key].filter(part => part !== '').join('/')) : [path.join('/')]
}

function changedKeys (before: Slot, after: Slot): string[] {
  const [old, next] = [before?.value, after?.value]
  if (!isObject(old) || !isObject(next)) return ['']
  return [...new Set([...Object.keys(old), ...Object.keys(next)])].filter(key => !isDeepStrictEqual(old[key], next[key]))
}

/** As far as there is something; in a bare list of endpoints, `/endpoints/3` is `/3`. */
function pointerTo (path: readonly Step[], root: unknown, itemOf: (step: Exclude<Step, string>) => Slot): string {
  let pointer = ''
  let node = root
  for (const [index, step] of path.entries()) {
    if (index === 0 && Array.isArray(root)) continue
    const item = typeof step === 'string' ? undefined : itemOf(step)
    const key = typeof step === 'string' ? step : item === undefined || !Array.isArray(node) ? -1 : node.indexOf(item.value)
    if (key === -1 || typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) break
    pointer = child(pointer, key)
    node = Reflect.get(node, key)
  }
  return pointer
}
