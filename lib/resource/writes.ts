import { toUSVString } from 'node:util'
import type { Collection, Row } from '../collection/collection.ts'
import { MOCK_ERR_PATCH, MOCK_ERR_PATCH_TOO_LARGE, MOCK_ERR_ROW_IN_USE } from '../errors.ts'
import { essence } from '../media/media-type.ts'
import { isObject } from '../schema/subschemas.ts'
import type { Violation } from '../violation/violation.ts'
import { empty, json, problem } from './answers.ts'
import { applyJsonPatch, type PatchFault } from './json-patch.ts'
import { mergePatch } from '../merge-patch.ts'
import { refusedWrite } from './preconditions.ts'
import { missing, rowOf, wrapped } from './reads.ts'
import { related } from './query/read-query.ts'
import { dependents } from './related.ts'
import { JSON_PATCH, MERGE_PATCH } from './resource.ts'
import type { Responded } from './responder.ts'
import { rowTag, rowText } from './row-text.ts'
import { attempt, bodyRow, isRow, isViolations, settable, strayKeys } from './written-row.ts'
import { refuse, valueLike, type Visit } from './visit.ts'

/** The answer that shows a row which was written. */
export function shown ({ resource: { hasTags, itemEnvelope } }: Visit, row: Row, status = 200, headers: Readonly<Record<string, string>> = {}): Responded {
  return json(wrapped(rowText(row), itemEnvelope), status, { ...headers, ...hasTags && { etag: rowTag(row) } })
}

const locationOf = ({ resource: { path }, collection, request, exchange: { endpoint } }: Visit, row: Row): string => {
  const base = path.includes(':') || path.includes('{') ? pathOf(request.url) : prefixOf(request.url, request.path, endpoint.config.base_paths) + path
  // An id may have halves of characters in it, which have no place in an address.
  return `${base}/${encodeURIComponent(toUSVString(String(row[collection.idKey])))}`
}

const pathOf = (url: string): string => url.split('?', 1)[0]?.replace(/\/$/, '') ?? ''

/** What stands before the path of the resource: the prefix of the plugin, and the base path. */
function prefixOf (url: string, path: string, basePaths: readonly string[] = ['']): string {
  const base = basePaths.filter(base => path.startsWith(`${base}/`)).sort((a, b) => b.length - a.length)[0] ?? ''
  const whole = pathOf(url)
  return whole.slice(0, whole.length - path.length) + base
}

/** A new row, ready to be inserted; or what is wrong with what was sent. */
export function newRow (visit: Visit, sent: unknown): Row | readonly Violation[] {
  const { collection, belonging, resource: { clientIds } } = visit
  const body = bodyRow(sent)
  if (isViolations(body)) return body
  const id = Object.hasOwn(body, collection.idKey) ? body[collection.idKey] : undefined
  const isGiven = id !== undefined && id !== null
  if (isGiven && clientIds === 'refuse') {
    return [{ in: 'body', pointer: `/${collection.idKey}`, rule: 'readOnly', expected: 'no id', message: 'must not be there: ids are given here' }]
  }
  const settled = settable(visit, body)
  const row: Row = belonging.length === 0 && !isGiven
    ? settled
    : Object.fromEntries([
      ...isGiven && clientIds === 'accept' ? [[collection.idKey, id] as const] : [],
      ...Object.entries(settled),
      ...belonging.map(({ property, value }) => [property, value] as const)
    ])
  const strays = strayKeys(visit, row)
  return strays.length > 0 ? strays : row
}

export function create (visit: Visit): Responded | undefined {
  const { request: { body }, collection, resource: { isBulk } } = visit
  if (isBulk && Array.isArray(body)) return createAll(visit, body)
  const row = newRow(visit, body)
  if (isViolations(row)) return refuse(visit, row)
  return attempt(visit, () => collection.insert(row), inserted => shown(visit, inserted, 201, { location: locationOf(visit, inserted) }))
}

function createAll (visit: Visit, bodies: readonly unknown[]): Responded | undefined {
  const rows = bodies.map(body => newRow(visit, body))
  const faults = rows.flatMap((row, index) => isViolations(row) ? row.map(fault => ({ ...fault, pointer: `/${index}${fault.pointer}` })) : [])
  if (faults.length > 0) return refuse(visit, faults)
  return attempt(visit, () => insertAll(visit.collection, rows.filter(isRow)), inserted => json(`[${inserted.map(rowText).join(',')}]`, 201))
}

/** All or none. */
export function insertAll (collection: Collection, rows: readonly Row[]): Row[] {
  const inserted: Row[] = []
  try {
    for (const row of rows) inserted.push(collection.insert(row))
  } catch (error) {
    for (const row of inserted) collection.remove(idOf(collection, row))
    throw error
  }
  return inserted
}

export function idOf (collection: Collection, row: Row): string | number {
  const id = row[collection.idKey]
  return typeof id === 'number' ? id : String(id)
}

const tagIn = ({ resource: { hasTags } }: Visit, row: Row | undefined): string | undefined => hasTags && row !== undefined ? rowTag(row) : undefined

export function replace (visit: Visit): Responded | undefined {
  const { request, collection, belonging, resource } = visit
  const before = rowOf(visit)
  const refused = refusedWrite(request, tagIn(visit, before), resource.needsIfMatch)
  if (refused !== undefined) return refused
  const body = bodyRow(request.body)
  if (isViolations(body)) return refuse(visit, body)
  const isNew = before === undefined
  if (isNew && !resource.isUpserting) return missing(visit)
  const settled = settable(visit, body, before)
  const id = String(request.params.id)
  const row = Object.fromEntries([
    ...isNew ? [[collection.idKey, valueLike(collection, collection.idKey, id)] as const] : [],
    ...Object.entries(settled),
    ...belonging.map(({ property, value }) => [property, value] as const)
  ])
  return save(visit, row, () => isNew ? collection.insert(row) : collection.replace(id, row), written =>
    shown(visit, written, isNew ? 201 : 200, isNew ? { location: pathOf(request.url) } : {}))
}

/** Writes a row that was there, or is to be, unless it refers to what there is not. */
function save (visit: Visit, row: Row, write: () => Row | undefined, done: (written: Row) => Responded): Responded | undefined {
  const strays = strayKeys(visit, row)
  if (strays.length > 0) return refuse(visit, strays)
  return attempt(visit, write, written => written === undefined ? missing(visit) : done(written))
}

export function change (visit: Visit): Responded | undefined {
  const { request, collection, resource } = visit
  const before = rowOf(visit)
  const refused = refusedWrite(request, tagIn(visit, before), resource.needsIfMatch)
  if (refused !== undefined) return refused
  if (before === undefined) return missing(visit)
  const changed = changedRow(visit, before)
  if ('fault' in changed) return patchRefused(visit, changed.fault)
  if ('violations' in changed) return refuse(visit, changed.violations)
  return save(visit, changed.row, () => collection.replace(idOf(collection, before), changed.row), written => shown(visit, written))
}

type Changed = { readonly row: Row } | { readonly violations: readonly Violation[] } | { readonly fault: PatchFault }

/** A row as the request's body would have it, by its content type. */
export function changedRow (visit: Visit, before: Row): Changed {
  const { request: { body, headers }, resource, belonging } = visit
  const type = essence(String(headers['content-type'] ?? ''))
  const fixed = belonging.map(({ property, value }) => [property, value] as const)
  const settle = (after: Row): Changed => ({ row: Object.fromEntries([...Object.entries(settable(visit, after, before)), ...fixed]) })
  if (type === JSON_PATCH) {
    const result = applyJsonPatch(before, body)
    if ('fault' in result) return result
    const after = bodyRow(result.value)
    return isViolations(after) ? { violations: after } : settle(after)
  }
  const sent = bodyRow(body)
  if (isViolations(sent)) return { violations: sent }
  const isMerging = type === MERGE_PATCH || resource.patch === 'merge'
  const after = isMerging ? mergePatch(before, sent) : Object.fromEntries([...Object.entries(before), ...Object.entries(sent)])
  return settle(isObject(after) ? after : {})
}

export function patchRefused (visit: Visit, { index, kind, message }: PatchFault): Responded | undefined {
  if (kind === 'malformed') return refuse(visit, [{ in: 'body', pointer: `/${index}`, rule: 'json-patch', expected: 'an operation of a JSON Patch', message: `is no operation that can be done: ${message}` }])
  return problem(kind === 'large' ? new MOCK_ERR_PATCH_TOO_LARGE(index, message) : new MOCK_ERR_PATCH(index, message))
}

export function remove (visit: Visit): Responded | undefined {
  const { request, resource } = visit
  const before = rowOf(visit)
  const refused = refusedWrite(request, tagIn(visit, before), resource.needsIfMatch)
  if (refused !== undefined) return refused
  if (before === undefined) return missing(visit)
  return attempt(visit, () => removeWithChildren(visit, [before]), kept => kept ??
    (resource.deleteStatus === 204 ? empty(204) : json(wrapped(rowText(before), resource.itemEnvelope))))
}

/**
 * Removes rows, and does with their children what is said about them: all of it or nothing. What can be refused comes first.
 *
 * @returns the answer, where children keep a row from being deleted
 */
export function removeWithChildren (visit: Visit, rows: readonly Row[]): Responded | undefined {
  const { resource, collection, request: { query }, exchange: { store } } = visit
  const asked = Object.hasOwn(query, resource.names.dependent) ? related([query[resource.names.dependent]].flat().map(String)) : []
  const going = new Set(rows)
  const declared = resource.hasMany.flatMap(relation => {
    const children = store.collections.get(relation.collection)
    return children === undefined ? [] : [{ children, key: relation.key, name: relation.name, onDelete: relation.onDelete }]
  })
  const staying = (children: Collection, key: string, row: Row): readonly Row[] => children.where(key, row[collection.idKey]).filter(child => !going.has(child))

  for (const row of rows) {
    for (const { children, key, onDelete, name } of declared) {
      const count = onDelete === 'restrict' && !asked.includes(name) ? staying(children, key, row).length : 0
      if (count > 0) return problem(new MOCK_ERR_ROW_IN_USE(String(row[collection.idKey]), count, name))
    }
  }
  const orphans = rows.flatMap(row => declared.flatMap(({ children, key, onDelete }) => onDelete === 'nullify' ? staying(children, key, row).map(child => ({ children, key, child })) : []))
  nullifyAll(orphans.filter(({ children, key }) => !dependents(visit, asked).some(other => other.children === children && other.key === key)))
  for (const row of rows) {
    const id = row[collection.idKey]
    for (const { children, key } of dependents(visit, asked)) removeAll(children, key, id)
    for (const { children, key, onDelete } of declared) if (onDelete === 'cascade') removeAll(children, key, id)
    collection.remove(idOf(collection, row))
  }
  return undefined
}

/** All or none: a child may have to have a parent. */
function nullifyAll (orphans: ReadonlyArray<{ readonly children: Collection, readonly key: string, readonly child: Row }>): void {
  const done: typeof orphans[number][] = []
  try {
    for (const orphan of orphans) {
      const { children, key, child } = orphan
      children.update(idOf(children, child), Object.fromEntries([[key, null]]))
      done.push(orphan)
    }
  } catch (error) {
    for (const { children, child } of done) children.replace(idOf(children, child), child)
    throw error
  }
}

function removeAll (children: Collection, key: string, id: unknown): void {
  for (const child of children.where(key, id)) children.remove(idOf(children, child))
}

export function restore (visit: Visit): Responded | undefined {
  const { collection, request: { params } } = visit
  return attempt(visit, () => collection.undelete(String(params.id)), row => row === undefined ? missing(visit) : shown(visit, row))
}
