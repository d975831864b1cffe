import type { Response } from '../config.ts'
import type { SchemaNode } from '../generate/node.ts'
import { tokens } from '../json-pointer.ts'
import { createRandom, seedOf } from '../random.ts'
import type { RequestView } from '../request-view.ts'
import { scopeOf, type BodyPlan, type MadeBody, type Planning } from './body-plan.ts'
import { listInExample, listPlaceOf } from './list-place.ts'
import { fieldsOf, isListNode, isObjectNode } from './object-fields.ts'
import { fieldValues, pagingFieldsOf, saysMore, type Page, type PagingField } from './paging-fields.ts'
import { pagingParameters, type PagingParameters } from './paging-parameters.ts'
import { isPaged, linkHeader, pageOf, sentIn, sliceAsked, type Slice } from './paging.ts'
import type { PathPlace } from './path-place.ts'
import { refOf } from './relations.ts'
import { ABSENT, valueAt, withValueAt, type PropertyPath } from './splice.ts'
import { identityOf, idsOf, makeThing, toldByPath, type Identity, type Kind } from './things.ts'
import { stringifyJson } from '../stringify-json.ts'

/** What is known of the list that an answer holds. */
interface ListShape {
  readonly node: SchemaNode
  readonly at: PropertyPath
  readonly list: SchemaNode
  readonly item: SchemaNode
  readonly kind: Kind
  readonly identity: Identity
  readonly idField: string | undefined
  readonly fields: readonly PagingField[]
}

/** All items of a list, each made when asked for. */
interface Items {
  readonly total: number
  item (index: number): unknown
  id (index: number): unknown
  indexOf (id: string): number | undefined
}

/** A list that must be longer is made as a whole, within the generator's bounds: it is no list of things. */
const LONGEST = 200

/** A cursor that is an id is looked for among so many. */
const MAX_SEARCHED = 10_000

/** A plan for an answer that lists things; undefined when it does not. */
export function planList (planning: Planning): BodyPlan | undefined {
  const { endpoint, answer, generator } = planning
  const querystring = endpoint.schema?.querystring
  const parameters = pagingParameters(querystring, generator)
  const declared = querystring !== undefined && isPaged(parameters)
  const shape = shapeOf(planning, declared)
  if (shape === undefined) return undefined
  const example = answer.response
  return example === undefined
    ? generatedList(planning, shape, parameters, declared)
    : exampleList(planning, shape, parameters, declared, example)
}

function shapeOf ({ schema, place, generator, relations, answer }: Planning, isPagedHere: boolean): ListShape | undefined {
  const node = generator.node(schema)
  const at = pathOf(answer.generate?.list) ?? listPlaceOf(node, place.name, isPagedHere)
  if (at === undefined) return undefined
  const list = at.reduce((its, name) => fieldsOf(its).get(name) ?? its, node)
  if (!isListNode(list) || list.constraints.tuples.some(({ prefix }) => prefix.length > 0)) return undefined
  const item = list.item(0)
  if (item.depth === Infinity || list.constraints.minItems > LONGEST) return undefined
  const ref = refOf(item.parts[0]?.schema)
  const related = relations.itemOf(place.collection) ?? (ref === undefined ? undefined : relations.itemBySchema(ref))
  const kind: Kind = related === undefined
    ? { collection: place.collection, name: place.name, scope: place.scope, id: undefined, idSchema: undefined }
    : { collection: related.place.collection, name: related.place.name, scope: related.place.scope, id: related.id, idSchema: related.idSchema }
  const identity = isObjectNode(item) ? identityOf(item, kind, generator) : { fields: [], scope: [] }
  const idField = answer.generate?.id ?? identity.fields[0]
  return { node, at, list, item, kind, identity: idField === undefined ? identity : { ...identity, fields: [idField] }, idField, fields: at.length === 0 ? [] : pagingFieldsOf(node, at) }
}

const pathOf = (pointer: string | undefined): PropertyPath | undefined => pointer === undefined ? undefined : tokens(pointer)

function itemsOf ({ generator }: Planning, { item: node, kind, identity, idField }: ListShape, seed: number | string, scope: readonly unknown[], total: number): Items {
  const field = idField === undefined ? undefined : fieldsOf(node).get(idField)
  const ids = field === undefined || idField === undefined ? undefined : idsOf(generator, field, idField, kind, seed, scope)
  const id = (index: number): unknown => ids === undefined ? index : ids(index)
  return {
    total,
    id,
    item (index) {
      if (!isObjectNode(node)) {
        return generator.make(node, seedOf(seed, kind.collection, ...scope.map(String), 'item', index), { key: kind.name, fresh: index > 0, budget: 50 }).value
      }
      const told = toldByPath(node, identity, generator, scope, ids === undefined ? undefined : id(index))
      return makeThing(generator, node, kind, seed, scope, id(index), told).value
    },
    indexOf (wanted) {
      if (ids === undefined) return undefined
      for (let index = 0; index < Math.min(total, MAX_SEARCHED); index++) if (String(ids(index)) === wanted) return index
      return undefined
    }
  }
}

/** The same path may name its parameters otherwise than the item endpoint does. */
const scopeOfItems = ({ kind }: ListShape, request: RequestView, place: PathPlace): unknown[] => kind.collection === place.collection ? scopeOf(request, place) : []

/** How many there are, where nobody says: a few pages of what a page usually holds, or what fits into one answer. */
function usualTotal ({ list }: ListShape, usual: number, isPagedHere: boolean, seed: number): number {
  const { minItems, maxItems } = list.constraints
  if (!isPagedHere) return Math.max(minItems, Math.min(maxItems, createRandom(seed).int(2, 3)))
  return Math.ceil(usual * 2.3)
}

/** How many items a page has where the request does not say: as the document does, within reason. */
const usualSize = ({ size }: PagingParameters): number => Math.min(size?.fallback ?? SHORT_PAGE, LONG_PAGE) || SHORT_PAGE
const SHORT_PAGE = 3
const LONG_PAGE = 10

function generatedList (planning: Planning, shape: ListShape, parameters: PagingParameters, declared: boolean): BodyPlan {
  const { endpoint, generator, place, answer } = planning
  const { node, at, list } = shape
  const { minItems, maxItems } = list.constraints
  const linked = hasLink(answer)
  let base: { key: string, value: unknown } | undefined

  /** What is around the list, made once. */
  function around (seed: number | string, scope: readonly unknown[]): unknown {
    if (at.length === 0) return undefined
    const key = stringifyJson([seed, scope]) ?? ''
    if (base?.key !== key) base = { key, value: generator.make(node, seedOf(seed, endpoint.id, ...scope.map(String)), { key: place.name }).value }
    return base.value
  }

  return {
    keyOf: request => stringifyJson([Object.values(request.params), request.protocol, request.host, request.url]),
    make (request, seed) {
      const scope = scopeOfItems(shape, request, place)
      const total = answer.generate?.total ?? usualTotal(shape, usualSize(parameters), declared, seedOf(seed, endpoint.id, ...scopeOf(request, place).map(String)))
      const items = itemsOf(planning, shape, seed, scope, total)
      const usual = declared ? usualSize(parameters) : total
      const asked = sliceAsked(sentIn(request), parameters, usual, items.indexOf) ?? { offset: 0, size: usual }
      const slice = { offset: asked.offset, size: Math.min(asked.size, maxItems) }
      const page = describe(slice, items, parameters, request)
      // Where a list must not be empty, it goes on beyond its end.
      const values = Array.from({ length: Math.max(page.count, minItems) }, (_, index) => items.item(slice.offset + index))
      const whole = assemble(planning, shape, seed, around(seed, scopeOf(request, place)), values, page)
      return linked ? { ...whole, headers: { link: linkHeader(page) } } : whole
    }
  }
}

const describe = (slice: Slice, { total, id }: Items, parameters: PagingParameters, request: RequestView): Page =>
  pageOf(slice, total, id, parameters, request)

/** A list with what is around it. What does not fit its schema is rather left as it was made. */
function assemble ({ generator, endpoint }: Planning, { node, at, fields }: ListShape, seed: number | string, base: unknown, values: readonly unknown[], page: Page): MadeBody {
  let whole = withValueAt(base, at, values)
  for (const field of fields) {
    if (field.path.length > 1 && valueAt(base, field.path.slice(0, -1)) === undefined) continue
    const value = fieldValues(field, page).find(its => its === ABSENT ? !field.isRequired : generator.accepts(field.node, its))
    if (value !== undefined) whole = withValueAt(whole, field.path, value)
  }
  if (generator.accepts(node, whole)) return { value: whole }
  const plain = withValueAt(base, at, values)
  if (generator.accepts(node, plain)) return { value: plain }
  const made = generator.make(node, seedOf(seed, endpoint.id, 'whole'))
  return { value: made.value, problem: made.problem }
}

/** Whether an answer has a `Link` header (RFC 8288), by which lists lead to their further pages. */
export const hasLink = ({ headers, generate }: Pick<Response, 'headers' | 'generate'>): boolean =>
  generate?.reflect !== false && Object.keys(headers ?? {}).some(name => name.toLowerCase() === 'link')

/** An example shows the first page, as long as it is: what follows on it is made. */
function exampleList (planning: Planning, shape: ListShape, parameters: PagingParameters, declared: boolean, example: unknown): BodyPlan | undefined {
  const { answer, place, generator } = planning
  const at = Array.isArray(valueAt(example, shape.at)) ? shape.at : listInExample(example, place.name)
  const shown: unknown = at === undefined ? undefined : valueAt(example, at)
  const linked = hasLink(answer)
  if (at === undefined || !Array.isArray(shown) || (!declared && !linked)) return undefined
  const count = shown.length
  const total = answer.generate?.total ?? (declared ? exampleTotal(example, count, shape.fields) : count)
  const usual = Math.max(1, count)
  // How the example itself says where it goes on.
  const cursors = new Set(shape.fields.filter(({ role, form }) => role === 'next' && form === 'token').map(({ path }) => valueAt(example, path)).filter(value => typeof value === 'string' && value !== ''))

  return {
    keyOf: request => stringifyJson([Object.values(request.params), request.protocol, request.host, request.url]),
    make (request, seed) {
      const made = itemsOf(planning, shape, seed, scopeOfItems(shape, request, place), total)
      const items: Items = {
        total,
        id: index => index < count ? shape.idField === undefined ? index : valueAt(shown[index], [shape.idField]) : made.id(index),
        item: index => index < count ? shown[index] : made.item(index),
        indexOf: id => {
          if (cursors.has(id)) return count - 1
          const own = shape.idField === undefined ? -1 : shown.findIndex(item => String(valueAt(item, [shape.idField ?? ''])) === id)
          return own === -1 ? made.indexOf(id) : own
        }
      }
      const asked = declared ? sliceAsked(sentIn(request), parameters, usual, items.indexOf) : undefined
      const slice = asked ?? { offset: 0, size: usual }
      const page = describe(slice, items, parameters, request)
      const headers = linked ? { headers: { link: linkHeader(page) } } : {}
      if (slice.offset === 0 && page.count === count) return { value: example, ...headers }
      let whole = withValueAt(example, at, Array.from({ length: page.count }, (_, index) => items.item(slice.offset + index)))
      for (const field of shape.fields) {
        if (valueAt(example, field.path) === undefined) continue
        const value = fieldValues(field, page).find(its => its === ABSENT ? !field.isRequired : generator.accepts(field.node, its))
        if (value !== undefined) whole = withValueAt(whole, field.path, value)
      }
      return { value: whole, ...headers }
    }
  }
}

/** Longer lists are not made up, whatever an example says of its total. */
const MOST = 10_000

/** What the example says of its length; else it goes on for two more pages, unless it says that it does not. */
function exampleTotal (example: unknown, count: number, fields: readonly PagingField[]): number {
  for (const { role, path } of fields) {
    const said = role === 'total' ? valueAt(example, path) : undefined
    if (typeof said === 'number' && Number.isInteger(said) && said >= count) return Math.min(said, MOST)
  }
  const more = fields.flatMap(({ role, path }) => saysMore(valueAt(example, path) ?? null, role) ?? [])
  if (count === 0 || more.includes(false)) return count
  return 2 * count + 1
}
