import { isDeepStrictEqual } from 'node:util'
import { identified } from './compile.ts'
import type { Config, JsonSchema } from './config.ts'
import { mapReferences, schemasOf } from './config/references.ts'
import type { ReloadResult } from './mock.ts'
import { sharedName } from './schema/shared-refs.ts'

/** Which endpoints came, went and changed between two configurations. One whose shared schemas changed has changed as well. */
export function difference (before: Config | undefined, after: Config): Pick<ReloadResult, 'added' | 'removed' | 'changed'> {
  if (before === undefined) return { added: identified(after).map(({ id }) => id), removed: [], changed: [] }
  const old = new Map(identified(before).map(endpoint => [endpoint.id, endpoint]))
  const schemas = changedSchemas(before.schemas ?? {}, after.schemas ?? {})
  const added: string[] = []
  const changed: string[] = []
  for (const endpoint of identified(after)) {
    const counterpart = old.get(endpoint.id)
    old.delete(endpoint.id)
    if (counterpart === undefined) added.push(endpoint.id)
    else if (counterpart !== endpoint && !isDeepStrictEqual(counterpart, endpoint)) changed.push(endpoint.id)
    else if (schemas.size > 0 && [...schemasOf(endpoint)].some(({ schema }) => namesIn(schema).some(name => schemas.has(name)))) changed.push(endpoint.id)
  }
  return { added, removed: [...old.keys()], changed }
}

type Shared = Readonly<Record<string, JsonSchema>>

/** The names of shared schemas that changed, and of those that refer to one that did. */
function changedSchemas (before: Shared, after: Shared): ReadonlySet<string> {
  if (before === after) return new Set()
  const changed = new Set(Object.keys({ ...before, ...after }).filter(name => before[name] !== after[name] && !isDeepStrictEqual(before[name], after[name])))
  if (changed.size === 0) return changed
  const users = new Map<string, string[]>()
  for (const [name, schema] of Object.entries(after)) {
    for (const used of namesIn(schema)) users.set(used, [...users.get(used) ?? [], name])
  }
  // What is added to a set while it is gone through comes up as well.
  for (const name of changed) for (const user of users.get(name) ?? []) changed.add(user)
  return changed
}

/** The shared schemas that a schema refers to itself. */
function namesIn (schema: JsonSchema): string[] {
  const names = new Set<string>()
  mapReferences(schema, '', ref => {
    const target = sharedName(ref)
    if (target !== undefined) names.add(target.name)
    return ref
  })
  return [...names]
}
