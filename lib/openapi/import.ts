import type { Config, Endpoint, RequestSchemas } from '../config.ts'
import { isKnownMethod } from '../config/methods.ts'
import { MOCK_ERR_OPENAPI_INVALID } from '../errors.ts'
import { basePathsOf, servedBases, type BasePathMode } from './base-paths.ts'
import { familyOf, isOpenApi, versionOf } from './detect.ts'
import { distinctNames } from './distinct-names.ts'
import { createFindings } from './findings.ts'
import { membersOf, objectAt, textAt, textsAt, type JsonObject } from './json-object.ts'
import { operationName } from './operation-name.ts'
import { operationsOf, type Operation } from './operations.ts'
import { createParameterImporter } from './parameters.ts'
import { createRefs } from './refs.ts'
import type { ImportReport } from './report.ts'
import { bodySchema, requestBodyOf } from './request-bodies.ts'
import { createResponseImporter } from './responses.ts'
import { createRouteClaims, routeOf } from './routes.ts'
import { createSchemaRegistry } from './schema-registry.ts'
import { createScope, lossesIn, type ImportContext, type Scope } from './scope.ts'
import { requestBodyOf2 } from './swagger2.ts'

export interface ImportOptions {
  /** Whether paths are served below the servers' own path (`keep`), without it (`strip`), or in both ways. Default: both. */
  base_path?: BasePathMode
  /** Called now and then with how many operations are done. */
  onProgress?: (done: number, total: number) => void
  /** Absolute path that the document was read from, for messages. */
  file?: string
}

export interface ImportedDocument {
  config: Config
  report: ImportReport
  /** For each endpoint, the JSON pointer to its operation in the document. */
  pointers: string[]
}

/** An operation on its way to become an endpoint. */
interface Planned extends Operation {
  label: string
  route: string
  bases: string[]
}

const PROGRESS_STEP = 50

/**
 * Turns an OpenAPI document (2.0, 3.0, 3.1; 3.2 as far as it goes) into a configuration: one endpoint for each operation. The
 * configuration shares with the document what needs no change, so neither may be changed afterwards.
 *
 * Nothing in the document makes it throw: what cannot be had degrades the operations concerned and is reported.
 *
 * @param document as `loadDocument` gives it: in one piece, references internal
 * @throws MOCK_ERR_OPENAPI_INVALID for what is no OpenAPI document at all
 * @example
 * const { document } = await loadDocument({ file: 'petstore.yaml' })
 * const { config, report } = importDocument(document)
 */
export function importDocument (document: unknown, options: ImportOptions = {}): ImportedDocument {
  if (!isOpenApi(document)) throw new MOCK_ERR_OPENAPI_INVALID(options.file ?? 'the document')
  const findings = createFindings(options.file)
  const family = familyOf(document)
  const refs = createRefs(document)
  const context: ImportContext = { document, family, refs, schemas: createSchemaRegistry(document, refs, family) }

  const mode = options.base_path ?? 'both'
  const bases = servedBases(basePathsOf(document), mode)
  const operations = operationsOf(document, refs, ({ label, pointer, reason }) => findings.degrade(label, pointer, reason),
    (pointer, key) => findings.warn('beside-reference', pointer, `'${key}' stands beside the $ref and in what it leads to: the former counts`))
  const planned = plan(operations, bases, mode, findings.degrade, findings.warn)

  const importOperation = createOperationImporter(context, bases)
  const scopes = new Map<string, Scope>()
  const nameOf = createNaming(operations, findings.warn)
  const endpoints = planned.map((operation, index) => {
    const scope = createScope(context)
    scopes.set(operation.label, scope)
    const endpoint = importOperation(operation, nameOf(operation), scope)
    if ((index + 1) % PROGRESS_STEP === 0 || index + 1 === planned.length) options.onProgress?.(index + 1, planned.length)
    return endpoint
  })
  const schemas = context.schemas.shared()
  for (const [label, scope] of scopes) {
    for (const { pointer, reason } of lossesIn(scope, context.schemas)) findings.degrade(label, pointer, reason)
  }
  tellAboutDocument(document, operations.length, findings.warn)

  const title = textAt(objectAt(document, 'info') ?? {}, 'title')
  const config: Config = {
    ...title !== undefined && { name: title },
    ...(bases.length > 1 || bases[0] !== '') && { defaults: { base_paths: bases } },
    unknown_method: 405,
    endpoints,
    ...Object.keys(schemas).length > 0 && { schemas }
  }
  return { config, report: findings.report(document, operations.map(labelOf)), pointers: planned.map(({ operation }) => operation.pointer) }
}

const labelOf = ({ method, path }: Operation): string => `${method.toUpperCase()} ${path}`

/** Gives each operation its route; of several that would have the same, the first. */
function plan (operations: readonly Operation[], bases: readonly string[], mode: BasePathMode, degrade: (label: string, pointer: string, reason: string) => void, warn: (code: string, pointer: string, message: string) => void): Planned[] {
  const claims = createRouteClaims()
  const planned: Planned[] = []
  for (const operation of operations) {
    const { method, path, item } = operation
    const { pointer, value } = operation.operation
    const label = labelOf(operation)
    if (!isKnownMethod(method)) {
      degrade(label, pointer, `not served: ${method} is no method that Node.js ${process.versions.node} can receive`)
      continue
    }
    const own = basePathsOf({ servers: value.servers }) ?? basePathsOf({ servers: item.value.servers })
    const wanted = own === undefined ? [...bases] : servedBases(own, mode)
    const route = distinctNames(routeOf(path))
    if (route !== routeOf(path)) degrade(label, pointer, `a path parameter stands twice in the path, which is served as ${route}`)
    const other = claims.claim(method, wanted[0] ?? '', route, label)
    if (other !== undefined) degrade(label, pointer, `not served: ${other} has the same route`)
    else planned.push({ ...operation, label, route, bases: wanted })
  }
  // The paths as they are written come first: a base path must not take a route from them.
  for (const operation of planned) {
    const { label, method, route } = operation
    operation.bases = operation.bases.filter((base, index) => {
      const other = index === 0 ? undefined : claims.claim(method, base, route, label)
      if (other !== undefined && other !== label) warn('base-path-collision', operation.operation.pointer, `${label} is not served under the base path ${base}, where ${other} is`)
      return other === undefined
    })
  }
  return planned
}

/** Ids: the document's own where it is the only one of that name, else made of method and path. */
function createNaming (operations: readonly Operation[], warn: (code: string, pointer: string, message: string) => void): (operation: Operation) => string {
  const taken = new Set(operations.flatMap(({ operation: { value } }) => textAt(value, 'operationId') ?? []))
  const given = new Set<string>()
  return ({ method, path, operation: { value, pointer } }) => {
    const own = textAt(value, 'operationId')
    if (own !== undefined && !given.has(own)) {
      given.add(own)
      return own
    }
    const name = operationName(method, path)
    let id = name
    for (let count = 2; taken.has(id); count++) id = `${name}_${count}`
    taken.add(id)
    if (own !== undefined) warn('duplicate-operation-id', pointer, `operationId '${own}' is taken: ${method.toUpperCase()} ${path} is called ${id}`)
    return id
  }
}

function createOperationImporter (context: ImportContext, defaultBases: readonly string[]) {
  const importParameters = createParameterImporter(context)
  const importResponses = createResponseImporter(context)

  const requestSchemas = ({ item, operation, route, method }: Planned, scope: Scope): RequestSchemas => {
    const schemas: RequestSchemas = importParameters(item, operation, route, scope)
    const declared = context.family === '2.0' ? requestBodyOf2(context.document, item, operation, scope) : requestBodyOf(operation, scope)
    const body = bodySchema(declared, method, scope)
    if (body !== undefined) schemas.body = body
    return schemas
  }

  return (planned: Planned, id: string, scope: Scope): Endpoint => {
    const { operation: { value, pointer }, bases, route } = planned
    const method = planned.method.toUpperCase()
    const description = textAt(value, 'summary') ?? firstLine(textAt(value, 'description'))
    const tags = textsAt(value, 'tags')
    const head = {
      id,
      ...description !== undefined && { description },
      ...tags.length > 0 && { tags },
      path: route,
      method,
      ...bases.join() !== defaultBases.join() && { base_paths: bases }
    }
    try {
      const schema = requestSchemas(planned, scope)
      const responses = importResponses(planned.operation, method, scope)
      return { ...head, ...Object.keys(schema).length > 0 && { schema }, responses }
    } catch (error) {
      scope.lose(pointer, `could not be imported: ${error instanceof Error ? error.message : String(error)}`)
      return { ...head, responses: [{ status: 200 }] }
    }
  }
}

const firstLine = (text: string | undefined): string | undefined => text?.trim().split('\n', 1)[0]

function tellAboutDocument (document: JsonObject, operations: number, warn: (code: string, pointer: string, message: string, hint?: string) => void): void {
  const version = versionOf(document)
  if (!/^(?:2\.0|3\.[0-2](?:\.\d+)?)$/.test(version)) warn('openapi-version', document.openapi === undefined ? '/swagger' : '/openapi', `version ${version} is not one that is known; read as ${familyOf(document)}`)
  if (objectAt(document, 'info') === undefined) warn('openapi-info', '', "the document has no 'info'")
  if (operations > 0) return
  const webhooks = membersOf(document.webhooks).length
  if (webhooks > 0) warn('no-operations', '/webhooks', `the document describes ${webhooks} webhooks, which it sends, and no paths that could be served`)
  else warn('no-operations', '/paths', 'the document describes no operations: there is nothing to serve')
}
