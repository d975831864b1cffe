import { randomBytes } from 'node:crypto'
import type { Collection, Row } from '../collection/collection.ts'
import { MOCK_ERR_ROW_UNKNOWN } from '../errors.ts'
import { json, problem } from './answers.ts'
import type { Violation } from '../violation/violation.ts'
import { unmodified } from './preconditions.ts'
import { enveloped } from './query/envelope.ts'
import { linkHeader, linksOf } from './query/links.ts'
import { cut, isCursor, type Paged } from './query/paged.ts'
import { namesOfRelated } from './query/read-query.ts'
import { selectRows } from './query/select.ts'
import { additionsFor, textWith, type Addition } from './related.ts'
import type { Responded } from './responder.ts'
import { listText, rowTag, rowText, tagOf } from './row-text.ts'
import { belongs, objects, refuse, type Visit } from './visit.ts'

export function list (visit: Visit): Responded | undefined {
  const { request, resource, collection, belonging } = visit
  const [first] = collection.rows()
  const query = resource.readQuery(request.query, name => first !== undefined && Object.hasOwn(first, name))
  const { additions, violations } = query.embed.length + query.expand.length === 0 ? NOTHING : additionsFor(visit, query)
  const faults = [...query.violations, ...violations]
  if (query.page.kind === 'cursor' && query.page.cursor !== undefined && !isCursor(query.page.cursor)) {
    faults.push({ in: 'query', pointer: `/${resource.names.cursor}`, rule: 'query', expected: 'a cursor of an earlier answer', message: 'must be a cursor of an earlier answer', actual: query.page.cursor.slice(0, 40) })
  }
  // A request whose mistakes are let pass is served as far as it makes sense.
  if (faults.length > 0 && objects(visit, faults)) return undefined
  const tag = resource.hasTags ? listTag(collection, additions) : undefined
  const known = tag === undefined ? undefined : unmodified(request, tag)
  if (known !== undefined) return known

  const selected = selectRows(collection, query, belonging)
  if (typeof selected === 'string') return refuse(visit, [tooLong(selected)])
  const page = bounded(cut(selected, query.page, collection), resource.most)
  const links = linksOf(request, query.page, page, resource.names)
  const text = additions.length === 0 ? listText(page.rows) : `[${page.rows.map(row => textWith(row, additions)).join(',')}]`
  const names = resource.envelope(query.page)
  const link = linkHeader(links)
  return json(names === undefined ? text : enveloped(names, text, page, links), 200, {
    ...tag !== undefined && { etag: tag },
    ...query.page.kind !== 'cursor' && { 'x-total-count': String(page.total) },
    ...link !== '' && { link }
  })
}

/** What is wrong with a query that was given up. */
export const tooLong = (message: string): Violation => ({ in: 'query', pointer: '', rule: 'query', expected: 'a query that is soon answered', message })

const NOTHING = { additions: [], violations: [] }

const bounded = (page: Paged, most: number): Paged => page.rows.length <= most ? page : { ...page, rows: page.rows.slice(0, most) }

const salts = new WeakMap<Collection, string>()

/** Weak (RFC 9110, section 8.8.1): by versions, which say nothing of what was read before the process began, or in another scope. */
function listTag (collection: Collection, additions: readonly Addition[]): string {
  let salt = salts.get(collection)
  if (salt === undefined) salts.set(collection, salt = randomBytes(6).toString('base64url'))
  return `W/"${[salt, collection.version, ...additions.map(({ version }) => version)].join('-')}"`
}

export function get (visit: Visit): Responded | undefined {
  const row = rowOf(visit)
  return row === undefined ? missing(visit) : item(visit, row)
}

/** The row of the id in the path. */
export function rowOf ({ collection, belonging, request: { params } }: Visit): Row | undefined {
  const row = collection.get(String(params.id))
  return row !== undefined && belongs(row, belonging) ? row : undefined
}

export const missing = ({ collection, request: { params } }: Visit): Responded =>
  problem(new MOCK_ERR_ROW_UNKNOWN(collection.name, String(params.id)))

/** One row, with what is to go with it. */
export function item (visit: Visit, row: Row): Responded | undefined {
  const { request, resource: { names, hasTags, itemEnvelope, patchHeaders } } = visit
  let text: string | undefined
  if (Object.keys(request.query).length > 0) {
    const { additions, violations } = additionsFor(visit, namesOfRelated(names, request.query))
    if (violations.length > 0 && objects(visit, violations)) return undefined
    if (additions.length > 0) text = textWith(row, additions)
  }
  if (!hasTags) return json(wrapped(text ?? rowText(row), itemEnvelope), 200, patchHeaders)
  const tag = text === undefined ? rowTag(row) : tagOf(text)
  return unmodified(request, tag) ?? json(wrapped(text ?? rowText(row), itemEnvelope), 200, { etag: tag, ...patchHeaders })
}

/** A row as JSON in the envelope of single rows. */
export const wrapped = (text: string, envelope: string | undefined): string => envelope === undefined ? text : `{${JSON.stringify(envelope)}:${text}}`
