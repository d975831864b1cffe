import { Type, type Static } from 'typebox'
import { strict } from './json-schema.ts'

const Name = Type.String({ minLength: 1 })

const RELATION_KEYS = {
  collection: Type.Optional(Type.String({ minLength: 1, description: 'Collection that the relation leads to. Default: its name, in the plural.' })),
  key: Type.Optional(Type.String({ minLength: 1, description: 'Property that holds the id of the parent. Default: the name of the parent in the singular and `foreign_key_suffix`: `postId`.' }))
}

const OnDelete = Type.Union([Type.Literal('keep'), Type.Literal('cascade'), Type.Literal('nullify'), Type.Literal('restrict')], {
  description: 'What becomes of the children when the parent is deleted: they stay (`keep`), are deleted as well (`cascade`), lose their key (`nullify`: it is null), ' +
    'or keep the parent from being deleted (`restrict`: 409). Default: keep.'
})

const HasMany = Type.Union([
  Type.Array(Name, { minItems: 1 }),
  Type.Record(Type.String(), Type.Object({ ...RELATION_KEYS, on_delete: Type.Optional(OnDelete) }, strict))
], {
  description: 'Collections whose rows belong to rows of this one: `["comments"]`, or `{"comments": {"key": "post_id", "on_delete": "cascade"}}`. ' +
    'Each is served below the row as well: `/posts/:postId/comments`.'
})

const BelongsTo = Type.Union([
  Type.Array(Name, { minItems: 1 }),
  Type.Record(Type.String(), Type.Object(RELATION_KEYS, strict))
], {
  description: 'What a row belongs to: `["post"]`, or `{"author": {"collection": "users", "key": "author_id"}}`. A key that is written has to be the id of a row that there is, or null.'
})

const member = (holds: string) => Type.Optional(Type.String({ minLength: 1, description: `Name of the member with ${holds}.` }))

const Envelope = Type.Object({
  data: member('the rows'),
  total: member('how many rows there are on all pages'),
  count: member('how many rows there are on this page'),
  page: member('the number of this page, from 1'),
  pages: member('how many pages there are'),
  size: member('the length of a page'),
  offset: member('how many rows stand before this page'),
  first: member('the number of the first page'),
  prev: member('the number of the page before, or null'),
  next: member('the number of the page after, or null'),
  last: member('the number of the last page'),
  next_cursor: member('the cursor of what follows, or null'),
  has_more: member('whether anything follows'),
  next_url: member('the address of the page after, or null'),
  prev_url: member('the address of the page before, or null')
}, strict)
export type Envelope = Static<typeof Envelope>

export const ResourceOptions = Type.Object({
  collection: Type.Optional(Type.String({ minLength: 1, description: 'Name of the collection that is served; one that is not declared starts empty. Default: the last word of the path.' })),
  singular: Type.Optional(Type.Boolean({ description: 'Whether it is one object, such as `/profile`, and not a list of them. Default: false.' })),
  methods: Type.Optional(Type.Array(Type.Union([Type.Literal('GET'), Type.Literal('POST'), Type.Literal('PUT'), Type.Literal('PATCH'), Type.Literal('DELETE')]), {
    minItems: 1,
    description: 'Methods that are served. Default: all.'
  })),
  read_only: Type.Optional(Type.Boolean({ description: 'Whether it can only be read. Default: false.' })),
  dialect: Type.Optional(Type.Union([
    Type.Literal('json-server'), Type.Literal('json-server-v0'), Type.Literal('json-server-v1'), Type.Literal('limit-offset'), Type.Literal('page'), Type.Literal('cursor')
  ], {
    description: 'How lists are asked for in parts: as json-server has it (`_page` and `_limit` or `_per_page`, `_start` and `_end`, `_sort`; the version counts where the two differ), ' +
      'by `limit` and `offset`, by `page` and `per_page` with the header `Link`, or by `cursor` and `limit`. Default: json-server.'
  })),
  page_size: Type.Optional(Type.Integer({ minimum: 1, description: 'How long a page is when the request does not say. Default: 10 with json-server, else 20.' })),
  max_page_size: Type.Optional(Type.Integer({ minimum: 1, description: 'The longest page there is; also the most that a list without pages has. Default: no bound.' })),
  envelope: Type.Optional(Type.Union([Type.Boolean(), Envelope], {
    description: 'What lists are wrapped in: the names of its members, by what they hold: `{"data": "items", "total": "meta.total"}`; dots lead into objects. ' +
      '`true` is `{"data": "data", "total": "total"}`. Default: none; with the dialect `cursor` `data`, `next_cursor` and `has_more`.'
  })),
  item_envelope: Type.Optional(Type.String({ minLength: 1, description: 'Name of the member that a single row is wrapped in. Default: none.' })),
  client_ids: Type.Optional(Type.Union([Type.Literal('accept'), Type.Literal('ignore'), Type.Literal('refuse')], {
    description: 'What is done about an id that a client gives a new row: it is taken if it is free, else the answer is 409 (`accept`), it is replaced (`ignore`), or the request is rejected (`refuse`). Default: accept.'
  })),
  upsert: Type.Optional(Type.Boolean({ description: 'Whether `PUT` makes the row that is not there yet. Default: false.' })),
  patch: Type.Optional(Type.Union([Type.Literal('merge'), Type.Literal('assign')], {
    description: 'What a `PATCH` with `application/json` does: `merge` as RFC 7396 has it (null removes, objects are merged), `assign` puts the members that are sent in the place of the row\'s. ' +
      '`application/merge-patch+json` and `application/json-patch+json` mean what they are called. Default: assign with json-server, else merge.'
  })),
  delete_status: Type.Optional(Type.Union([Type.Literal(200), Type.Literal(204)], { description: 'Status of a deletion: 204, or 200 with the row that was deleted. Default: 204.' })),
  bulk: Type.Optional(Type.Boolean({ description: 'Whether a list can be written as a whole: `POST` takes a list of rows, `PUT` replaces all, `PATCH` and `DELETE` do it to all rows that the query finds. All or nothing. Default: false.' })),
  has_many: Type.Optional(HasMany),
  belongs_to: Type.Optional(BelongsTo),
  foreign_key_suffix: Type.Optional(Type.String({ minLength: 1, description: 'What the property that holds the id of another row ends with: `Id` in `postId`. Default: Id.' })),
  read_only_properties: Type.Optional(Type.Array(Name, { description: 'Properties that clients cannot set: what they send for them is overlooked. Default: none.' })),
  etag: Type.Optional(Type.Boolean({ description: 'Whether answers carry `ETag`, and `If-None-Match` and `If-Match` are kept to. Default: true.' })),
  require_if_match: Type.Optional(Type.Boolean({ description: 'Whether a change without `If-Match` is answered with 428. Default: false.' }))
}, { ...strict, description: 'How a collection is served as REST (docs/resources.md).' })
export type ResourceOptions = Static<typeof ResourceOptions>

/** A REST resource over a collection: its name, or how it is to be. */
export const Resource = Type.Union([Type.String({ minLength: 1 }), ResourceOptions], {
  description: 'Serves a collection as REST: list, get, create, replace, change, delete (docs/resources.md). The name of the collection, or `{collection, ...}`. ' +
    'Without `path`, it is served under its name: `/users`.'
})
export type Resource = Static<typeof Resource>
