import type { Config, Endpoint, RequestSchemas } from '../config.ts'
import { ALL_METHODS } from '../config/methods.ts'
import type { Match } from '../match.ts'
import { isBodiless } from '../request-body.ts'
import { MOCK_ERR_OPENAPI_INVALID } from '../errors.ts'
import { basePathsOf, servedBases, type BasePathMode } from './base-paths.ts'
import { callbacksOf } from './callbacks.ts'
import { createItemPaths, locateCreated, type ItemPaths } from './created-location.ts'
import { familyOf, isOpenApi, versionOf } from './detect.ts'
import { distinctNames } from './distinct-names.ts'
import { answerPointer, checkAnswers } from './check-answers.ts'
import { checkLocale } from '../generate/faker.ts'
import { messageOf } from '../message-of.ts'
import { createFindings } from './findings.ts'
import { objectAt, textAt, textsAt, type JsonObject } from './json-object.ts'
import { createOperationNames } from './operation-ids.ts'
import { operationsOf, type Operation } from './operations.ts'
import { createParameterImporter } from './parameters.ts'
import { pairExamples, pairStreams, parametersOf } from './example-requests.ts'
import { createRefs } from './refs.ts'
import type { ImportReport } from './report.ts'
import { bodySchema, requestBodyOf } from './request-bodies.ts'
import { createResponseImporter, takesAnyType } from './responses.ts'
import { createRouteClaims, matchOf, routeOf } from './routes.ts'
import { createSchemaRegistry } from './schema-registry.ts'
import { createSecurityImporter, type SecurityImporter } from './security.ts'
import { createScope, lossesIn, type ImportContext, type Scope } from './scope.ts'
import { requestBodyOf2 } from './swagger2.ts'
import { webhooksOf } from './webhooks.ts'

export interface ImportOptions {
  /** Whether paths are served below the servers' own path (`keep`), without it (`strip`), or in both ways. Default: both. */
  base_path?: BasePathMode
  /** Whether to make the body of each answer once, to tell those that cannot be valid; takes a millisecond for each. Default: false. */
  check_answers?: boolean
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
  match: Match | undefined
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
  const names = createOperationNames(findings.warn)
  const context: ImportContext = { document, family, refs, schemas: createSchemaRegistry(document, refs, family), operations: names }

  const mode = options.base_path ?? 'both'
  const bases = servedBases(basePathsOf(document), mode)
  const operations = operationsOf(document, refs, ({ label, pointer, reason }) => findings.degrade(label, pointer, reason),
    (pointer, key) => findings.warn('beside-reference', pointer, `'${key}' stands beside the $ref and in what it leads to: the former counts`))
  const planned = plan(context, operations, bases, mode, findings.degrade, findings.warn)

  const items = createItemPaths(planned.flatMap(({ method, route }) => method.toUpperCase() === 'GET' ? [route] : []))
  const security = createSecurityImporter(context)
  const importOperation = createOperationImporter(context, bases, items, security)
  const scopes = new Map<string, Scope>()
  names.give(planned, operations)
  const endpoints = planned.map((operation, index) => {
    const scope = createScope(context)
    scopes.set(operation.label, scope)
    const endpoint = importOperation(operation, names.of(operation), scope)
    if ((index + 1) % PROGRESS_STEP === 0 || index + 1 === planned.length) options.onProgress?.(index + 1, planned.length)
    return endpoint
  })
  const webhooks = webhooksOf(context, findings.degrade)
  for (const { name, scope } of webhooks) scopes.set(`webhook ${name}`, scope)
  const schemas = context.schemas.shared()
  for (const [label, scope] of scopes) {
    for (const { pointer, reason } of lossesIn(scope, context.schemas)) findings.degrade(label, pointer, reason)
  }
  tellAboutDocument(document, operations.length, webhooks.length, findings.warn)

  const title = textAt(objectAt(document, 'info') ?? {}, 'title')
  const schemes = security.schemes()
  const locale = localeOf(document, findings.warn)
  const config: Config = {
    ...title !== undefined && { name: title },
    ...locale !== undefined && { locale },
    defaults: {
      negotiate: 'enforce',
      ...(bases.length > 1 || bases[0] !== '') && { base_paths: bases },
      ...security.usual !== undefined && { security: security.usual }
    },
    unknown_method: 405,
    ...schemes !== undefined && { security_schemes: schemes },
    endpoints,
    ...webhooks.length > 0 && { webhooks: Object.fromEntries(webhooks.map(({ name, webhook }) => [name, webhook])) },
    ...Object.keys(schemas).length > 0 && { schemas }
  }
  if (options.check_answers === true) {
    for (const { endpoint, status, reason } of checkAnswers(config)) {
      const operation = planned[endpoint]
      if (operation !== undefined) findings.degrade(operation.label, answerPointer(operation.operation.pointer, status), `the body of ${status}: ${reason}`)
    }
  }
  return { config, report: findings.report(document, operations.map(labelOf)), pointers: planned.map(({ operation }) => operation.pointer) }
}

/** The language of generated data, as documents made for Prism say it. */
function localeOf (document: JsonObject, warn: (code: string, pointer: string, message: string) => void): string | undefined {
  const locale = textAt(objectAt(document, 'x-json-schema-faker') ?? {}, 'locale')?.replaceAll('-', '_')
  if (locale === undefined) return undefined
  try {
    checkLocale(locale)
    return locale
  } catch (error) {
    warn('unknown-locale', '/x-json-schema-faker/locale', messageOf(error))
    return undefined
  }
}

const labelOf = ({ method, path }: Operation): string => `${method} ${path}`

/** Gives each operation its route; of several that would have the same, the first. */
function plan (context: ImportContext, operations: readonly Operation[], bases: readonly string[], mode: BasePathMode, degrade: (label: string, pointer: string, reason: string) => void, warn: (code: string, pointer: string, message: string) => void): Planned[] {
  const claims = createRouteClaims()
  const planned: Planned[] = []
  for (const operation of operations) {
    const { method, path, item } = operation
    const { pointer, value } = operation.operation
    const label = labelOf(operation)
    // `additionalOperations` has methods as they are sent: `Copy` is another one than `COPY`.
    if (!ALL_METHODS.includes(method)) {
      degrade(label, pointer, `not served: ${method} is no method that Node.js ${process.versions.node} can receive`)
      continue
    }
    const own = basePathsOf({ servers: value.servers }) ?? basePathsOf({ servers: item.value.servers })
    const wanted = own === undefined ? [...bases] : servedBases(own, mode)
    const route = distinctNames(routeOf(path))
    if (route !== routeOf(path)) degrade(label, pointer, `a path parameter stands twice in the path, which is served as ${route}`)
    const match = /[?#]/.test(path) ? matchOf(path, parametersOf(context, operation).map(({ value }) => value)) : undefined
    const other = claims.claim(method, wanted[0] ?? '', route, label, match)
    if (other !== undefined) degrade(label, pointer, `not served: ${other} has the same route`)
    else planned.push({ ...operation, label, route, match, bases: wanted })
  }
  // The paths as they are written come first: a base path must not take a route from them.
  for (const operation of planned) {
    const { label, method, route, match } = operation
    operation.bases = operation.bases.filter((base, index) => {
      const other = index === 0 ? undefined : claims.claim(method, base, route, label, match)
      if (other !== undefined && other !== label) warn('base-path-collision', operation.operation.pointer, `${label} is not served under the base path ${base}, where ${other} is`)
      return other === undefined
    })
  }
  return planned
}

function createOperationImporter (context: ImportContext, defaultBases: readonly string[], items: ItemPaths, security: SecurityImporter) {
  const importParameters = createParameterImporter(context)
  const importResponses = createResponseImporter(context)

  const requestSchemas = ({ item, operation, route, method }: Planned, scope: Scope): RequestSchemas => {
    const schemas: RequestSchemas = importParameters(item, operation, route, scope)
    const declared = context.family === '2.0' ? requestBodyOf2(context.document, item, operation, scope) : requestBodyOf(operation, scope)
    const body = bodySchema(declared, method, scope)
    if (body !== undefined) schemas.body = body
    // Who says what becomes of a body of the wrong type, and names none that is right, takes none.
    else if (declared === undefined && !isBodiless(method) && objectAt(operation.value, 'responses')?.['415'] !== undefined) schemas.body = { required: false, content: {} }
    return schemas
  }

  return (planned: Planned, id: string, scope: Scope): Endpoint => {
    const { operation: { value, pointer }, bases, route, match } = planned
    const method = planned.method.toUpperCase()
    const description = textAt(value, 'summary') ?? firstLine(textAt(value, 'description'))
    const tags = textsAt(value, 'tags')
    const delay = delayOf(value)
    const asked = security.of(planned.operation, scope)
    const head = {
      id,
      ...description !== undefined && { description },
      ...tags.length > 0 && { tags },
      path: route,
      method,
      ...match !== undefined && { match },
      ...takesAnyType(context, value) && { negotiate: 'prefer' as const },
      ...bases.join() !== defaultBases.join() && { base_paths: bases },
      ...asked !== undefined && { security: asked },
      ...delay !== undefined && { latency_ms: delay }
    }
    try {
      const schema = requestSchemas(planned, scope)
      const imported = pairStreams(context, planned, pairExamples(context, planned, importResponses(planned.operation, method, scope)))
      const parameter = method === 'POST' ? items.parameterOf(route) : undefined
      const responses = parameter === undefined ? imported : locateCreated(context, value, imported, parameter)
      const callbacks = callbacksOf(context, planned.operation, scope)
      return { ...head, ...Object.keys(schema).length > 0 && { schema }, ...callbacks.length > 0 && { callbacks }, responses }
    } catch (error) {
      scope.lose(pointer, `could not be imported: ${messageOf(error)}`)
      return { ...head, responses: [{ status: 200 }] }
    }
  }
}

/** Microcks' extension: how long the operation takes, in milliseconds. */
function delayOf (operation: JsonObject): number | undefined {
  const delay = Number(objectAt(operation, 'x-microcks-operation')?.delay)
  return Number.isFinite(delay) && delay > 0 ? delay : undefined
}

const firstLine = (text: string | undefined): string | undefined => text?.trim().split('\n', 1)[0]

function tellAboutDocument (document: JsonObject, operations: number, webhooks: number, warn: (code: string, pointer: string, message: string, hint?: string) => void): void {
  const version = versionOf(document)
  if (!/^(?:2\.0|3\.[0-2](?:\.\d+)?)$/.test(version)) warn('openapi-version', document.openapi === undefined ? '/swagger' : '/openapi', `version ${version} is not one that is known; read as ${familyOf(document)}`)
  if (objectAt(document, 'info') === undefined) warn('openapi-info', '', "the document has no 'info'")
  if (operations > 0) return
  if (webhooks > 0) warn('no-operations', '/webhooks', `the document describes no paths that could be served, and ${webhooks === 1 ? 'one webhook, which' : `${webhooks} webhooks, which`} can be triggered`)
  else warn('no-operations', '/paths', 'the document describes no operations: there is nothing to serve')
}
