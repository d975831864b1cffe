import { sharedName } from '../schema/shared-refs.ts'
import { isObject, type ObjectSchema } from '../schema/subschemas.ts'
import type { Note } from './slot.ts'

interface Merge {
  merged: ObjectSchema
  mine: ObjectSchema
  document: ObjectSchema
  notes: readonly Note[]
}

/**
 * Makes the shared schemas fit what refers to them: one that the document no longer has stays while an endpoint of the file's own
 * needs it; one that the file had taken out comes back with what needs it now; a new one that nothing needs is left out.
 */
export function settleSchemas ({ merged, mine, document, notes }: Merge): { schemas: ObjectSchema, notes: readonly Note[] } {
  const own = membersOf(mine.schemas)
  const theirs = membersOf(document.schemas)
  const schemas = new Map(Object.entries(membersOf(merged.schemas)))
  const needed = reachable(merged.endpoints, name => schemas.get(name) ?? own[name] ?? theirs[name])
  const reversed = new Set<string>()
  for (const name of needed) {
    if (schemas.has(name)) continue
    const value = own[name] ?? theirs[name]
    if (value === undefined) continue
    schemas.set(name, value)
    reversed.add(name)
  }
  // The file's own schemas keep what they refer to, used or not.
  const roots = Object.keys(own).flatMap(name => schemas.get(name) ?? [])
  const kept = reachable(roots, name => schemas.get(name))
  for (const name of [...schemas.keys()]) {
    if (needed.has(name) || kept.has(name) || Object.hasOwn(own, name)) continue
    schemas.delete(name)
    reversed.add(name)
  }
  return { schemas: Object.fromEntries(schemas), notes: notes.filter(note => !isAbout(note, reversed)) }
}

/** What was decided otherwise is no longer a change, nor a conflict. */
const isAbout = ({ path }: Note, names: ReadonlySet<string>): boolean =>
  path[0] === 'schemas' && path.length === 2 && typeof path[1] === 'string' && names.has(path[1])

/** The names of all shared schemas that a value refers to, and those that these refer to. */
function reachable (value: unknown, schemaOf: (name: string) => unknown): Set<string> {
  const names = new Set<string>()
  const waiting = [value]
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    if (isObject(node) && typeof node.$ref === 'string') {
      const target = sharedName(node.$ref)
      if (target !== undefined && !names.has(target.name)) {
        names.add(target.name)
        waiting.push(schemaOf(target.name))
      }
    }
    for (const member of Object.values(node)) visit(member)
  }
  for (const node of waiting) visit(node)
  return names
}

const membersOf = (value: unknown): ObjectSchema => isObject(value) ? value : {}
