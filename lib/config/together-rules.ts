import type { Endpoint, JsonSchema } from '../config.ts'
import { tokens } from '../json-pointer.ts'
import { isObject } from '../schema/subschemas.ts'
import { sharedName } from '../schema/shared-refs.ts'
import { quote } from './describe.ts'
import { writtenMethods } from './methods.ts'
import { nearest } from './nearest.ts'
import { formatPlace, type Place } from './place.ts'
import { mapReferences, schemasOf } from './references.ts'
import type { Report } from './report.ts'
import { routeKeys } from './route-key.ts'

/** An endpoint among others, perhaps of other files. */
export interface Entry {
  endpoint: Endpoint
  /** Into the value that `place` knows. */
  pointer: string
  place: Place
  /** Made by an importer, which has told what its references do not lead to. */
  imported?: boolean
}

/** What can only be said about all endpoints and schemas together. Pauses between endpoints. */
export function * togetherRules (entries: readonly Entry[], schemas: Readonly<Record<string, unknown>>, report: Report): Generator<void> {
  const routes = new Map<string, Map<string, Entry>>()
  const ids = new Map<string, Entry>()
  for (const entry of entries) {
    if (entry.endpoint.enabled !== false) checkRoutes(entry, routes, report)
    checkId(entry, ids, report)
    if (entry.imported !== true) for (const { schema, pointer } of schemasOf(entry.endpoint)) checkReferences(schema, entry.pointer + pointer, entry.place, schemas, report)
    yield
  }
}

function checkRoutes (entry: Entry, routes: Map<string, Map<string, Entry>>, report: Report): void {
  const { endpoint, pointer, place } = entry
  // What an endpoint answers by itself is taken out of the resource: only two resources are too many.
  const isResource = endpoint.resource !== undefined
  const methods = isResource ? ['resource'] : writtenMethods(endpoint)
  const told = new Set<Entry>()
  for (const address of routeKeys(endpoint.path, endpoint.base_paths, endpoint.match)) {
    const key = isResource ? `resource ${address}` : address
    let taken = routes.get(key)
    if (taken === undefined) routes.set(key, taken = new Map())
    for (const method of methods) {
      const twin = taken.get(method) ?? taken.get('*') ?? (method === '*' ? taken.values().next().value : undefined)
      if (twin === undefined) {
        taken.set(method, entry)
      } else if (twin !== entry && !told.has(twin)) {
        told.add(twin)
        report.add({
          code: 'duplicate-endpoint',
          message: `${method} ${endpoint.path} is already defined at ${formatPlace(twin.place, twin.pointer)}`,
          hint: "several answers to one request go into one endpoint's 'responses'",
          pointer: `${pointer}/path`
        }, place)
      }
    }
  }
}

function checkId ({ endpoint: { id }, pointer, place }: Entry, ids: Map<string, Entry>, report: Report): void {
  if (id === undefined) return
  const twin = ids.get(id)
  const entry = { endpoint: { id, path: '' }, pointer, place }
  if (twin === undefined) ids.set(id, entry)
  else {
    const message = `id ${quote(id)} is already taken at ${formatPlace(twin.place, `${twin.pointer}/id`)}`
    report.add({ code: 'duplicate-id', message, hint: 'ids are unique in all files together', pointer: `${pointer}/id` }, place)
  }
}

/** Checks that each reference of a schema leads to something: in the schema itself, or in the shared schemas. */
export function checkReferences (root: JsonSchema, pointer: string, place: Place, schemas: Readonly<Record<string, unknown>>, report: Report): void {
  mapReferences(root, pointer, (ref, at) => {
    const problem = problemOf(ref, root, schemas)
    if (problem !== undefined) report.add({ code: 'unresolved-ref', ...problem, pointer: at }, place)
    return ref
  })
}

function problemOf (ref: string, root: JsonSchema, schemas: Readonly<Record<string, unknown>>) {
  const message = `${quote(ref)} leads nowhere`
  const shared = sharedName(ref)
  if (shared !== undefined) {
    if (!Object.hasOwn(schemas, shared.name)) return { message: `there is no schema ${quote(shared.name)}`, hint: schemaHint(shared.name, schemas) }
    return leads(schemas[shared.name], shared.rest) ? undefined : { message }
  }
  if (/^#\/|^#$/.test(ref)) {
    if (leads(root, decodeFragment(ref.slice(1))) || hasId(root)) return undefined
    return { message, hint: schemaHint(tokens(ref.slice(1)).at(-1) ?? '', schemas) }
  }
  if (!/\.(?:json|ya?ml)(?:#|$)/.test(ref)) return undefined
  return {
    severity: 'warning' as const,
    message: `${quote(ref)} points to another file, which is not read`,
    hint: "put the schema under 'schemas' and refer to it as '#/schemas/Name'"
  }
}

function schemaHint (name: string, schemas: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(schemas)
  const near = Object.hasOwn(schemas, name) ? name : nearest(name, names)
  if (near !== undefined) return `did you mean '#/schemas/${near}'?`
  if (names.length === 0) return "shared schemas stand under 'schemas', which is empty"
  return `known schemas: ${names.slice(0, 8).join(', ')}${names.length > 8 ? ', …' : ''}`
}

function leads (schema: unknown, pointer: string): boolean {
  let node = schema
  for (const token of tokens(pointer)) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, token)) return false
    node = isObject(node) ? node[token] : Reflect.get(node, token)
  }
  return true
}

function decodeFragment (fragment: string): string {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return fragment
  }
}

/** Below an `$id`, references mean something else; such schemas are left to the validator. */
function hasId (schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return false
  return '$id' in schema || Object.values(schema).some(hasId)
}
