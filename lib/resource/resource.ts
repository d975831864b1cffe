import type { CollectionOptions, ResourceOptions } from '../config.ts'
import { belongsToOf, DEFAULT_SUFFIX, foreignKey, hasManyOf, type HasMany, type Relation } from './relations.ts'
import { envelopeFor } from './query/envelope.ts'
import { parameterNames, type Dialect, type ParameterNames } from './query/parameter-names.ts'
import { createQueryReader } from './query/read-query.ts'

/** A collection as it is served: the options of a resource with all that follows from them, made once. */
export interface Resource {
  readonly collection: string
  readonly suffix: string
  readonly names: ParameterNames
  readonly readQuery: ReturnType<typeof createQueryReader>
  readonly envelope: ReturnType<typeof envelopeFor>
  readonly itemEnvelope: string | undefined
  readonly most: number
  readonly hasMany: readonly HasMany[]
  readonly belongsTo: readonly Relation[]
  readonly clientIds: NonNullable<ResourceOptions['client_ids']>
  readonly patch: NonNullable<ResourceOptions['patch']>
  readonly isUpserting: boolean
  readonly isBulk: boolean
  readonly deleteStatus: 200 | 204
  readonly hasTags: boolean
  readonly needsIfMatch: boolean
  /** What can be sent to change a row (RFC 5789, section 3.1). */
  readonly patchHeaders: Readonly<Record<string, string>>
  /** Properties that clients cannot set. */
  readonly guarded: ReadonlySet<string>
  /** Of requests whose row is not valid. */
  readonly invalidStatus: number
  /** Where rows are found under their ids, for `Location`. */
  readonly path: string
}

export const MERGE_PATCH = 'application/merge-patch+json'
export const JSON_PATCH = 'application/json-patch+json'
const PATCH_TYPES = ['application/json', MERGE_PATCH, JSON_PATCH] as const

export interface ResourceSurroundings {
  /** How the collection is declared, if it is. */
  definition: CollectionOptions | undefined
  invalidStatus: number | undefined
  path: string
}

export function createResource (collection: string, options: ResourceOptions, { definition, invalidStatus = 400, path }: ResourceSurroundings): Resource {
  const dialect: Dialect = options.dialect ?? 'json-server'
  const isJsonServer = dialect.startsWith('json-server')
  const names = parameterNames(dialect)
  const most = options.max_page_size ?? Infinity
  return {
    collection,
    suffix: options.foreign_key_suffix ?? DEFAULT_SUFFIX,
    names,
    readQuery: createQueryReader({ names, isJsonServer, isV1: dialect === 'json-server-v1', size: options.page_size ?? (isJsonServer ? 10 : 20), most }),
    envelope: envelopeFor(options.envelope, dialect),
    itemEnvelope: options.item_envelope,
    most,
    hasMany: hasManyOf(collection, options),
    belongsTo: belongsToOf(options),
    clientIds: options.client_ids ?? 'accept',
    patch: options.patch ?? (isJsonServer ? 'assign' : 'merge'),
    isUpserting: options.upsert === true,
    isBulk: options.bulk === true,
    deleteStatus: options.delete_status ?? 204,
    hasTags: options.etag !== false,
    needsIfMatch: options.require_if_match === true,
    patchHeaders: options.read_only === true || options.methods?.includes('PATCH') === false ? {} : { 'accept-patch': PATCH_TYPES.join(', ') },
    guarded: new Set([...options.read_only_properties ?? [], ...managed(definition)]),
    invalidStatus,
    path
  }
}

/** What the collection itself sees to. */
function managed ({ timestamps, soft_delete: softDelete }: CollectionOptions = {}): string[] {
  const times = timestamps === true ? ['created_at', 'updated_at'] : typeof timestamps === 'object' ? [timestamps.created ?? [], timestamps.updated ?? []].flat() : []
  return [...times, ...softDelete === true ? ['deleted_at'] : typeof softDelete === 'string' ? [softDelete] : []]
}

/** The property by which rows of another collection belong to rows of this one. */
export const keyToParent = ({ collection, suffix, hasMany }: Resource, children: string): string =>
  hasMany.find(relation => relation.name === children || relation.collection === children)?.key ?? foreignKey(collection, suffix)
