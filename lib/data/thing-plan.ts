import { toUSVString } from 'node:util'
import type { JsonSchema } from '../config.ts'
import type { SchemaNode } from '../generate/node.ts'
import { readingsOf } from '../generate/given.ts'
import { createRandom, seedOf } from '../random.ts'
import type { RequestView } from '../request-view.ts'
import { isObject } from '../schema/subschemas.ts'
import { scopeOf, type BodyPlan, type MadeBody, type Planning } from './body-plan.ts'
import { scopeFields, thingOf } from './identity.ts'
import { fieldsOf, isObjectNode, spelled } from './object-fields.ts'
import { refOf, type ItemEndpoint } from './relations.ts'
import { valueAt, withValueAt, type PropertyPath } from './splice.ts'
import { identityOf, idsOf, makeThing, toldByPath, type Identity, type Kind } from './things.ts'
import { stringifyJson } from '../stringify-json.ts'

const WITH_BODY = new Set(['POST', 'PUT', 'PATCH'])
/** Objects that hold the thing that an answer is about. */
const WRAPPERS = ['data', 'result', 'item', 'response', 'payload', 'resource', 'object', 'entity', 'record', 'attributes', 'value']

/** A plan for an answer about one thing, or one that says back what it was told. */
export function planThing (planning: Planning): BodyPlan {
  const { place, method, schema, relations, generator, endpoint } = planning
  const node = generator.node(schema)
  const above = place.id === undefined ? relations.itemAbove(endpoint.path, refOf(schema) ?? '') : undefined
  const kind = place.id === undefined ? above && kindOf(above) : { ...place, id: place.id, idSchema: relations.itemOf(place.collection)?.idSchema }
  const found = kind === undefined ? undefined : findThing(node, kind, its => identityOf(its, kind, generator))
  if (kind !== undefined && found !== undefined) return oneThing(planning, node, kind, found)
  const item = method === 'POST' && place.id === undefined ? relations.itemOf(place.collection) : undefined
  const created = item === undefined ? undefined : findThing(node, kindOf(item), its => identityOf(its, kindOf(item), generator))
  if (item !== undefined && created !== undefined) return newThing(planning, node, kindOf(item), created)
  return plainAnswer(planning, node)
}

const kindOf = ({ place, id, idSchema }: ItemEndpoint): Kind => ({ collection: place.collection, name: place.name, scope: place.scope, id, idSchema })

/** A thing inside of an answer. */
interface Found {
  readonly path: PropertyPath
  readonly node: SchemaNode
  readonly identity: Identity
}

/** The thing itself is the answer, or stands in `data` or under its own name: whichever has a field for the id. */
function findThing (node: SchemaNode, { name }: Kind, identify: (node: SchemaNode) => Identity): Found | undefined {
  if (!isObjectNode(node)) return undefined
  const fields = [...fieldsOf(node)].filter(([, its]) => isObjectNode(its))
  const within = (candidates: typeof fields): Found | undefined => candidates.flatMap(([field, its]) => {
    const identity = identify(its)
    return identity.fields.length > 0 ? { path: [field], node: its, identity } : []
  })[0]
  const identity = identify(node)
  // An answer may have an id of its own beside the thing.
  return within(fields.filter(([field]) => spelled(field) === thingOf(name))) ??
    (identity.fields.length > 0 ? { path: [], node, identity } : within(fields.filter(([field]) => WRAPPERS.includes(spelled(field)) || spelled(field) === spelled(name)))) ??
    (fields.length === 1 ? within(fields) : undefined)
}

/** The thing with the id of the path. What is sent for it (PUT, PATCH) is in the answer. */
function oneThing (planning: Planning, node: SchemaNode, kind: Kind, found: Found): BodyPlan {
  const { generator, method, answer } = planning
  const reflects = WITH_BODY.has(method) && answer.generate?.reflect !== false
  return {
    keyOf: request => keyOf(request, reflects, kind),
    make (request, seed) {
      const scope = scopeOfKind(request, kind)
      const id = kind.id === undefined ? undefined : request.params[kind.id]
      const told = toldByPath(found.node, found.identity, generator, scope, id)
      const thing = makeThing(generator, found.node, kind, seed, scope, told[found.identity.fields[0] ?? ''] ?? id, { ...reflects ? sentFor(found, request) : {}, ...told })
      return wrap(planning, node, found, thing, seed, [...scope, id])
    }
  }
}

/** A thing that a POST to its collection makes: with what was sent, and an id of its own. */
function newThing (planning: Planning, node: SchemaNode, kind: Kind, found: Found): BodyPlan {
  const { generator, answer } = planning
  const reflects = answer.generate?.reflect !== false
  const field = found.identity.fields[0] ?? ''
  const idNode = fieldsOf(found.node).get(field)
  const location = Object.entries(answer.headers ?? {}).find(([name]) => name.toLowerCase() === 'location')?.[1]
  // Where it stands for the address of what was made, and not for another one.
  const located = typeof location === 'string' && /^\{\{request\.urlPath\}\}\/[^/]*$/.test(location)
  return {
    keyOf: request => keyOf(request, reflects, kind),
    make (request, seed) {
      const scope = scopeOfKind(request, kind)
      const sent = reflects ? sentFor(found, request) : {}
      // An id that the client chooses is the thing's, where it may.
      const chosen = readingsOf(sent[field]).find(its => its !== undefined && idNode !== undefined && generator.accepts(idNode, its))
      const id = chosen ?? (idNode === undefined ? undefined : idsOf(generator, idNode, field, kind, seedOf(seed, stringifyJson(request.body) ?? ''), scope)(1))
      const told = toldByPath(found.node, found.identity, generator, scope, id)
      const thing = makeThing(generator, found.node, kind, seed, scope, id, { ...sent, ...told })
      const made = wrap(planning, node, found, thing, seed, scope)
      return located && id !== undefined ? { ...made, headers: { location: `${request.url.replace(/[?#].*/s, '').replace(/\/$/, '')}/${encodeURIComponent(toUSVString(String(id)))}` } } : made
    }
  }
}

/** What was sent, as the fields of the thing; what only the server writes is left out. */
function sentFor ({ path, node }: Found, { body }: RequestView): Record<string, unknown> {
  const inner = path.length > 0 ? valueAt(body, path) : undefined
  const sent = isObject(inner) ? inner : body
  if (!isObject(sent)) return {}
  const fields = fieldsOf(node)
  return Object.fromEntries(Object.entries(sent).filter(([name]) => fields.get(name)?.constraints.readOnly !== true))
}

function wrap ({ generator, endpoint }: Planning, node: SchemaNode, { path }: Found, thing: { value: unknown, problem?: string }, seed: number | string, keys: readonly unknown[]): MadeBody {
  if (path.length === 0) return thing
  const around = generator.make(node, seedOf(seed, endpoint.id, ...keys.map(String)))
  const whole = withValueAt(around.value, path, thing.value)
  return generator.accepts(node, whole) ? { value: whole } : { value: around.value, problem: around.problem ?? thing.problem }
}

/** Any other answer: it says back what it was told by path, query and body, in fields of the same names. */
function plainAnswer (planning: Planning, node: SchemaNode): BodyPlan {
  const { generator, endpoint, place, method, answer } = planning
  const reflects = answer.generate?.reflect !== false
  const hears = reflects && WITH_BODY.has(method)
  const parameters = [...place.scope, ...place.id === undefined ? [] : [{ name: place.id, after: place.name }]]
  const fields = isObjectNode(node) && reflects ? parameters.map(({ name, after }) => [...new Set([...[...fieldsOf(node).keys()].filter(field => spelled(field) === spelled(name)), ...scopeFields(node, name, after)])]) : []
  const query = isObjectNode(node) && reflects && !hears && place.id === undefined ? declaredIn(endpoint.schema?.querystring).filter(name => fieldsOf(node).has(name)) : []
  const whole: Found = { path: [], node, identity: { fields: [], scope: fields } }
  return {
    isConstant: !hears && parameters.length === 0 && query.length === 0,
    keyOf (request) {
      const own = keyOf(request, hears, place)
      const asked = query.filter(name => Object.hasOwn(request.query, name))
      return own === undefined || asked.length === 0 ? own : `${own} ${stringifyJson(asked.map(name => request.query[name]))}`
    },
    make (request, seed) {
      const values = parameters.map(({ name }) => request.params[name])
      const said = Object.fromEntries(query.flatMap(name => Object.hasOwn(request.query, name) ? [[name, request.query[name]]] : []))
      const told = toldByPath(node, whole.identity, generator, values, undefined)
      const given = { ...said, ...hears ? sentFor(whole, request) : {}, ...told }
      const list = hears && Array.isArray(request.body) ? { given: request.body } : undefined
      const own = seedOf(seed, endpoint.id, ...values.map(String))
      return generator.make(node, createRandom(own).int(0, 0xFFFFFFFF), list ?? (Object.keys(given).length > 0 ? { given } : {}))
    }
  }
}

const declaredIn = (querystring: JsonSchema | undefined): string[] =>
  isObject(querystring) && isObject(querystring.properties) ? Object.keys(querystring.properties) : []

const scopeOfKind = (request: RequestView, { scope }: Kind): unknown[] => scopeOf(request, { collection: '', name: '', scope, id: undefined })

/** Longer bodies are not remembered. */
const MAX_KEY = 4096

function keyOf (request: RequestView, hears: boolean, kind: Pick<Kind, 'scope' | 'id'>): string | undefined {
  const values = [...kind.scope.map(({ name }) => request.params[name]), kind.id === undefined ? undefined : request.params[kind.id]]
  if (!hears) return stringifyJson(values) ?? ''
  const key = stringifyJson([values, request.url, request.body]) ?? ''
  return key.length > MAX_KEY ? undefined : key
}
