import { Type, type Static } from 'typebox'
import { JsonSchema, strict } from './json-schema.ts'

const Property = Type.String({ minLength: 1 })

const Rows = Type.Array(Type.Unsafe<Record<string, unknown>>({ type: 'object' }), {
  description: 'The rows that it starts with. One without an id gets one.'
})

const Timestamps = Type.Union([
  Type.Boolean(),
  Type.Object({
    created: Type.Optional(Type.String({ minLength: 1, description: 'Property with the time at which a row was added.' })),
    updated: Type.Optional(Type.String({ minLength: 1, description: 'Property with the time of its last change.' }))
  }, strict)
], { description: 'Times that rows are given (ISO 8601): `true` for `created_at` and `updated_at`, or the names of the properties. Default: none.' })

export const CollectionOptions = Type.Object({
  description: Type.Optional(Type.String({ description: 'A note for people.' })),
  rows: Type.Optional(Rows),
  file: Type.Optional(Type.String({
    minLength: 1,
    description: 'File with the rows, in the folder of the configuration: JSON, JSON Lines (`.jsonl`, `.ndjson`) or YAML. `db.json#/users` is one list out of a file with several.'
  })),
  count: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'How many rows to make: of `row`, else of `schema`.' })),
  row: Type.Optional(Type.Unsafe<Record<string, unknown>>({
    type: 'object',
    description: 'Template of the rows that are made; `{{index}}` counts them from 0, `{{number}}` from 1.'
  })),
  id: Type.Optional(Type.String({ minLength: 1, description: 'Property that the id is in. Default: id.' })),
  ids: Type.Optional(Type.Union([
    Type.Literal('increment'), Type.Literal('uuid'), Type.Literal('nanoid'),
    Type.String({ pattern: '\\{\\{', patternErrorMessage: 'increment, uuid, nanoid, or a template' })
  ], {
    description: 'Ids of new rows: the next number, a UUID (version 4), a short text, or a template, in which `{{number}}` counts: `ORD-{{padStart number 5 "0"}}`. ' +
      'Default: what the ids of its rows look like; numbers where it has none.'
  })),
  unique: Type.Optional(Type.Array(Type.Union([Property, Type.Array(Property, { minItems: 1 })]), {
    description: 'Properties whose values no two rows share; a list in the list is about several together. Null and missing values do not count.'
  })),
  schema: Type.Optional(JsonSchema('What every row has to be like.')),
  timestamps: Type.Optional(Timestamps),
  soft_delete: Type.Optional(Type.Union([Type.Boolean(), Property], {
    description: 'Whether rows that are deleted are kept, out of sight, with the time of it in `deleted_at`, or in the property that is named. Default: false.'
  }))
}, { ...strict, description: 'Rows with ids that requests read and write (docs/collections.md).' })
export type CollectionOptions = Static<typeof CollectionOptions>

/** A bare list is the shorthand for its rows. */
export const Collection = Type.Union([Rows, CollectionOptions], { description: 'Rows with ids that requests read and write (docs/collections.md): a list of them, or `{rows, file, schema, ...}`.' })
export type Collection = Static<typeof Collection>

export const Persist = Type.Object({
  folder: Type.String({ minLength: 1, description: 'Folder that the state is kept in, relative to the file that says so. It is made where there is none, and serves one server at a time.' }),
  fsync: Type.Optional(Type.Union([Type.Literal('always'), Type.Literal('interval'), Type.Literal('never')], {
    description: 'When what was written is forced to the disk: before the answer goes out (`always`), every `interval_ms` (`interval`), or when the system sees fit (`never`). Default: interval.'
  })),
  interval_ms: Type.Optional(Type.Integer({ minimum: 1, maximum: 3_600_000, description: 'How often with `fsync: interval`, in milliseconds. Default: 200.' }))
}, { ...strict, description: 'Keeps collections, variables and scenarios on disk, so that they outlive the process (docs/collections.md). Read at start only.' })
export type Persist = Static<typeof Persist>
