import { isDeepStrictEqual } from 'node:util'
import { asConfig } from '../config/validate.ts'
import { isObject, type ObjectSchema } from '../schema/subschemas.ts'
import { adoptedBase, unknownOrigins } from './adopt.ts'
import type { MergedList } from './merge-list.ts'
import { mergeItems, mergeMembers, mergeSlots } from './merge-value.ts'
import { settleSchemas } from './settle-schemas.ts'
import type { Note, Side } from './slot.ts'
import { conflictsOf, summarise, type Change, type Conflict } from './summary.ts'

/** Configurations as their files have them, parsed; nothing filled in. */
export interface ImportVersions {
  /** What the document gave when it was last imported; undefined when that is not known. */
  base: unknown
  /** What the file says: a configuration, or a list of endpoints. */
  mine: unknown
  /** What the document gives now. */
  document: unknown
}

export interface ImportMerge {
  /** In the file's own form: a list of endpoints stays one, as long as nothing else is needed. */
  config: unknown
  /** What the file goes through on its way there, one kind of change after the other: see `updateText`. */
  stages: readonly unknown[]
  /** What was taken over from the document. */
  changes: readonly Change[]
  /** What was not, because the file had changed it as well. */
  conflicts: readonly Conflict[]
}

/**
 * Brings a changed document into a configuration that was imported from it and edited since. What the document alone has changed is
 * taken over, what the file alone has changed is kept. Endpoints that are not the document's are left alone.
 *
 * Without a base, everything that differs counts as changed by both, and what the document has besides as new.
 *
 * @param prefer which side counts where both changed the same
 */
export function mergeImport ({ base, mine, document }: ImportVersions, prefer: Side = 'mine'): ImportMerge {
  if (base !== undefined && isDeepStrictEqual(base, document)) return { config: mine, stages: [], changes: [], conflicts: [] }
  const own = objectOf(asConfig(mine))
  const theirs = objectOf(document)
  const then = base === undefined ? adoptedBase(own, theirs, prefer) : objectOf(base)

  let endpoints: MergedList = { notes: [], rows: [] }
  const { slot, notes } = mergeMembers({ base: withParts(then), mine: withParts(own), document: withParts(theirs) }, [], prefer, (three, path) => {
    const [key] = path
    if (key === 'endpoints' && Array.isArray(three.mine?.value)) {
      const lists = { base: listOf(three.base?.value), mine: listOf(three.mine?.value), document: listOf(three.document?.value) }
      // Endpoints always tell which is which.
      endpoints = mergeItems(lists, path, prefer) ?? endpoints
      return { slot: { value: endpoints.rows.map(({ result }) => result?.value) }, notes: endpoints.notes }
    }
    if (key === 'schemas' && isObject(three.mine?.value)) {
      return mergeMembers({ base: objectOf(three.base?.value), mine: objectOf(three.mine?.value), document: objectOf(three.document?.value) }, path, prefer)
    }
    return mergeSlots(three, path, prefer)
  })

  const merged = objectOf(slot?.value)
  const settled = settleSchemas({ merged, mine: own, document: theirs, notes })
  const config = withoutEmpty({ ...merged, schemas: settled.schemas }, own, theirs)
  const origins: readonly Note[] = base === undefined && prefer === 'mine' ? unknownOrigins(own, theirs) : []
  const all = [...settled.notes, ...origins]
  // A list has no place for what its endpoints may need now, such as schemas.
  const isList = Array.isArray(mine) && Object.keys(config).every(key => key === 'endpoints')
  const form = (value: ObjectSchema): unknown => isList ? value.endpoints ?? [] : value
  return {
    config: form(config),
    stages: stagesOf(own, config, endpoints).map(form),
    changes: summarise(all),
    conflicts: conflictsOf(all, form(config), mine)
  }
}

/** Removals first, then changes, then what is new: so that no item takes the place, and the comments, of another. */
function stagesOf (own: ObjectSchema, config: ObjectSchema, { rows }: MergedList): ObjectSchema[] {
  if (!Array.isArray(own.endpoints)) return [config]
  const kept = rows.filter(({ mine }) => mine !== undefined)
  const removed = { ...own, endpoints: kept.map(({ mine }) => mine?.value) }
  const changed = { ...config, endpoints: kept.map(({ result }) => result?.value) }
  return [removed, changed, config]
}

const objectOf = (value: unknown): ObjectSchema => isObject(value) ? value : {}
const listOf = (value: unknown): readonly unknown[] => Array.isArray(value) ? value : []

/** With the two keys that are always looked into. */
const withParts = (config: ObjectSchema): ObjectSchema => ({ ...config, endpoints: config.endpoints ?? [], schemas: config.schemas ?? {} })

/** Without those keys where nothing is left in them, unless one of the two has them so. */
function withoutEmpty (config: ObjectSchema, own: ObjectSchema, document: ObjectSchema): ObjectSchema {
  const isEmpty = (value: unknown): boolean => typeof value === 'object' && value !== null && Object.keys(value).length === 0
  const isIdle = (key: string): boolean => ['endpoints', 'schemas'].includes(key) && isEmpty(config[key]) && !isEmpty(own[key]) && !isEmpty(document[key])
  return Object.fromEntries(Object.entries(config).filter(([key]) => !isIdle(key)))
}
