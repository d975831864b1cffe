import type { AnswerTools } from '../answer.ts'
import type { Config, Endpoint, Response } from '../config.ts'
import { compileEndpoint, type CompiledEndpoint } from '../endpoint.ts'
import { routePath } from '../path.ts'
import { collectionOf, resourceOptions } from './address.ts'
import { createResponder } from './create-responder.ts'
import { operationId, operationsOf, type Operation } from './operations.ts'
import { createResource, JSON_PATCH, MERGE_PATCH, type Resource } from './resource.ts'

type Identified = Endpoint & { readonly id: string }

/**
 * Compiles a resource: one endpoint for each operation, which is like any other but for its answer. What stands beside `resource`
 * (latency, failures, security, tags, further `responses` ...) goes to all of them.
 *
 * @param tools what is wrong is reported through those of the first operation alone, as it is wrong with all of them
 */
export function compileResource (endpoint: Identified, config: Config, tools: (id: string, isFirst: boolean) => AnswerTools): CompiledEndpoint[] {
  const name = collectionOf(endpoint)
  const options = resourceOptions(endpoint) ?? {}
  const definition = definitionOf(config, name)
  const invalidStatus = config.rejection?.status
  const resource = createResource(name, options, { definition, invalidStatus, path: endpoint.path })
  return operationsOf(endpoint, definition?.soft_delete !== undefined && definition.soft_delete !== false).map((operation, index) => {
    const related = operation.relation
    const served = related === undefined ? resource : childrenOf(related.collection, endpoint, config)
    const respond = createResponder(operation, served, name, routePath(operation.path).names)
    const own = ownAnswer(endpoint, usualStatus(operation, served))
    const derived = derive(endpoint, operation, own, resource)
    const inner = tools(derived.id, index === 0)
    const flat = derived.responses === undefined ? derived : own
    return compileEndpoint(derived, {
      ...inner,
      responderOf: answer => answer === flat ? respond : undefined,
      at: (key, compile) => inner.at(writtenKey(key, derived, endpoint), compile)
    }, endpoint)
  })
}

/** What is written flat is about the answer that is made of rows. */
const OWN_KEYS = ['headers', 'template', 'when', 'times', 'weight', 'scenario', 'set'] as const

const ownAnswer = (endpoint: Endpoint, status: number): Response =>
  Object.freeze({ status, ...Object.fromEntries(OWN_KEYS.flatMap(key => endpoint[key] === undefined ? [] : [[key, endpoint[key]]])) })

/** What an operation is answered with when all goes well, as the route table tells it. */
function usualStatus ({ name, method }: Operation, { deleteStatus }: Resource): number {
  switch (name) {
    case 'create':
    case 'create_related': return 201
    case 'write': return method === 'POST' ? 201 : 200
    case 'remove':
    case 'remove_all': return deleteStatus
    default: return 200
  }
}

/** The children of a resource as its own resource serves them, where they have one. */
function childrenOf (collection: string, parent: Endpoint, config: Config): Resource {
  const own = (config.endpoints ?? []).find(endpoint => endpoint.resource !== undefined && endpoint.path !== undefined && collectionOf({ ...endpoint, path: endpoint.path }) === collection)
  const { has_many: _children, belongs_to: _parents, collection: _name, singular: _singular, bulk: _bulk, ...shared } = resourceOptions(parent) ?? {}
  const options = own === undefined ? shared : resourceOptions(own) ?? {}
  return createResource(collection, options, { definition: definitionOf(config, collection), invalidStatus: config.rejection?.status, path: own?.path ?? `/${collection}` })
}

function definitionOf ({ collections = {} }: Config, name: string) {
  const declared = Object.hasOwn(collections, name) ? collections[name] : undefined
  return declared === undefined || Array.isArray(declared) ? undefined : declared
}

/** An operation as an endpoint. Answers that are given on conditions come before its own, the others after it. */
function derive (endpoint: Identified, operation: Operation, own: Response, resource: Resource): Identified {
  const { method, path, description, name } = operation
  const { resource: _resource, responses, headers: _headers, template: _template, when: _when, times: _times, weight: _weight, scenario: _scenario, set: _set, description: note, ...shared } = endpoint
  const body = bodySchema(name, method, resource)
  const derived: Identified = {
    ...shared,
    id: operationId(endpoint, operation),
    path,
    method,
    description: note ?? description,
    ...(endpoint.schema !== undefined || body !== undefined) && { schema: { ...endpoint.schema, ...body !== undefined && { body } } }
  }
  if (responses === undefined) return { ...derived, ...own }
  const isFirst = ({ when, scenario, times }: Response) => when !== undefined || scenario !== undefined || times !== undefined
  return { ...derived, responses: [...responses.filter(isFirst), own, ...responses.filter(response => !isFirst(response))] }
}

/** The place in what is written of one in what was derived from it. */
function writtenKey (key: string, derived: Endpoint, written: Endpoint): string {
  const [, index, rest] = /^responses\/(\d+)(.*)$/.exec(key) ?? []
  const response = derived.responses?.[Number(index)]
  const at = response === undefined ? -1 : written.responses?.indexOf(response) ?? -1
  return at === -1 ? key : `responses/${at}${rest}`
}

const OBJECT = { type: 'object' } as const
const LIST = { type: 'array', items: OBJECT } as const

/** What bodies are taken; rows as a whole are the collection's to judge. */
function bodySchema (name: Operation['name'], method: string, { isBulk }: Resource): object | undefined {
  if (name === 'restore' || method === 'GET' || method === 'DELETE') return undefined
  if (method === 'PATCH') {
    return { required: true, content: { 'application/json': { schema: OBJECT }, [MERGE_PATCH]: { schema: OBJECT }, [JSON_PATCH]: { schema: { type: 'array' } } } }
  }
  const schema = name === 'replace_all' ? LIST : name === 'create' && isBulk ? { anyOf: [OBJECT, LIST] } : OBJECT
  return { required: true, content: { 'application/json': { schema } } }
}
