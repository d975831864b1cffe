import { basename, extname } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { JsonSchema } from '../config.ts'
import { escapeToken } from '../json-pointer.ts'
import { sharedName } from '../schema/shared-refs.ts'
import { asSchema, mapReferences, type VisitReference } from './references.ts'

/** The schemas of all files under names of their own. */
export interface SchemaPool {
  readonly schemas: Readonly<Record<string, JsonSchema>>
  /**
   * Adds a file's schemas. One whose name is taken by a different schema is renamed after its file (`users.User`); the answer
   * turns the file's references into those to the new names, and is undefined when nothing was renamed.
   */
  add (schemas: Readonly<Record<string, JsonSchema>>, file: string | undefined): VisitReference | undefined
}

export function createSchemaPool (): SchemaPool {
  const pool = new Map<string, JsonSchema>()
  return {
    get schemas () {
      return Object.fromEntries(pool)
    },
    add (schemas, file) {
      const names = namesFor(schemas, file, pool)
      const rewrite: VisitReference | undefined = names.size === 0 ? undefined : ref => renamed(ref, names)
      for (const [name, schema] of Object.entries(schemas)) {
        const target = names.get(name) ?? name
        // The first of two equal schemas is kept: it may be TypeBox, with its types.
        if (!pool.has(target)) pool.set(target, rewrite === undefined ? schema : asSchema(mapReferences(schema, '', rewrite)))
      }
      return rewrite
    }
  }
}

/** New names for the schemas that need one: those that differ from their namesakes, and those that refer to such. */
function namesFor (schemas: Readonly<Record<string, JsonSchema>>, file: string | undefined, pool: ReadonlyMap<string, JsonSchema>): Map<string, string> {
  const names = new Map<string, string>()
  const taken = Object.keys(schemas).filter(name => pool.has(name))
  const rename = (name: string) => names.set(name, freeName(name, file, key => pool.has(key) || Object.hasOwn(schemas, key)))
  for (const name of taken) if (!isDeepStrictEqual(plain(schemas[name]), plain(pool.get(name)))) rename(name)
  if (names.size === 0) return names
  // A schema that looks the same is not, once what it refers to has another name.
  for (let grew = true; grew;) {
    grew = false
    for (const name of taken) {
      if (names.has(name) || !refersTo(schemas[name], names)) continue
      rename(name)
      grew = true
    }
  }
  return names
}

/** What a schema says, without TypeBox's hidden marks. */
const plain = (schema: unknown): unknown => typeof schema === 'object' && schema !== null && '~kind' in schema ? JSON.parse(JSON.stringify(schema)) : schema

function refersTo (schema: unknown, names: ReadonlyMap<string, string>): boolean {
  let found = false
  mapReferences(schema, '', ref => {
    found ||= names.has(sharedName(ref)?.name ?? '')
    return ref
  })
  return found
}

function renamed (ref: string, names: ReadonlyMap<string, string>): string {
  const target = sharedName(ref)
  const name = target === undefined ? undefined : names.get(target.name)
  return target === undefined || name === undefined ? ref : `#/schemas/${encodeURIComponent(escapeToken(name))}${target.rest}`
}

export function freeName (name: string, file: string | undefined, isTaken: (name: string) => boolean): string {
  const stem = file === undefined ? 'code' : basename(file, extname(file)).replaceAll(/[^\w.-]/g, '_')
  const base = `${stem}.${name}`
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? base : `${base}${count}`
    if (!isTaken(candidate)) return candidate
  }
}
