import type { AnswerTools } from './answer.ts'
import { ConditionError } from './condition/condition-error.ts'
import type { Config, Endpoint, JsonSchema } from './config.ts'
import type { LoadedConfig, Origin } from './config/load.ts'
import type { Bodies } from './data/bodies.ts'
import type { Diagnostic } from './diagnostic.ts'
import { compileEndpoint, type CompiledEndpoint } from './endpoint.ts'
import { messageOf } from './message-of.ts'
import { compileResource } from './resource/compile-resource.ts'
import type { Templates } from './template/engine.ts'
import { TemplateError } from './template/error.ts'
import { compileWebhook, type CompiledWebhook } from './webhook/compile-webhook.ts'

export interface CompileTools {
  templates: Templates
  /** A value for a schema; the same key gives the same value. */
  generate: (schema: JsonSchema, key: string) => unknown
  /** Whether a value is valid for a schema. */
  fits: (schema: JsonSchema, value: unknown) => boolean
  /** Bodies that depend on the request. */
  bodies?: Bodies
  /** The shared schemas. */
  schemas?: Config['schemas']
  /** Folder of `file` bodies that are configured in code. */
  cwd: string
  /** What has been compiled before, by configured endpoint: those that did not change need no work. */
  known?: WeakMap<Endpoint, CompiledEndpoint>
}

/**
 * Compiles all endpoints of a configuration, offering a pause after each. What is wrong with templates and the like is
 * collected, each with its place.
 */
export function * compileEndpoints ({ config, origins }: LoadedConfig, tools: CompileTools): Generator<void, { endpoints: CompiledEndpoint[], diagnostics: Diagnostic[] }> {
  const diagnostics: Diagnostic[] = []
  const endpoints: CompiledEndpoint[] = []
  for (const [index, endpoint] of identified(config).entries()) {
    if (endpoint.resource !== undefined) {
      // Made of the collection's options as well, so it is compiled with each configuration.
      endpoints.push(...compileResource(endpoint, config, (id, isFirst) => endpointTools(endpoint, toolsFor({ id }, origins[index], tools, isFirst ? diagnostics : []), tools)))
      yield
      continue
    }
    const known = tools.known?.get(endpoint)
    const compiled = known ?? compileEndpoint(endpoint, endpointTools(endpoint, toolsFor(endpoint, origins[index], tools, diagnostics), tools))
    tools.known?.set(endpoint, compiled)
    endpoints.push(compiled)
    yield
  }
  return { endpoints: withoutOverridden(endpoints), diagnostics }
}

/** What is written comes before what a resource would answer under the same address. */
function withoutOverridden (endpoints: CompiledEndpoint[]): CompiledEndpoint[] {
  const isDerived = ({ source, config }: CompiledEndpoint) => source !== config
  if (!endpoints.some(isDerived)) return endpoints
  const addressesOf = ({ methods, routes }: CompiledEndpoint) => methods.flatMap(method => routes.flatMap(({ places }) => places.map(place => `${method} ${place}`)))
  const taken = new Set(endpoints.filter(endpoint => !isDerived(endpoint) && endpoint.config.enabled !== false).flatMap(addressesOf))
  return endpoints.filter(endpoint => !isDerived(endpoint) || !addressesOf(endpoint).some(address => taken.has(address)))
}

/** Compiles all webhooks of a configuration, by name; what is wrong with them is collected. */
export function compileWebhooks ({ config, webhookOrigins }: LoadedConfig, tools: CompileTools): { webhooks: ReadonlyMap<string, CompiledWebhook>, diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = []
  const webhooks = new Map<string, CompiledWebhook>()
  for (const [name, webhook] of Object.entries(config.webhooks ?? {})) {
    webhooks.set(name, compileWebhook(name, webhook, toolsFor({ id: `webhook ${name}` }, webhookOrigins.get(name), tools, diagnostics)))
  }
  return { webhooks, diagnostics }
}

const endpointTools = (endpoint: Endpoint & { id: string }, own: AnswerTools, { bodies }: CompileTools): AnswerTools =>
  bodies === undefined ? own : { ...own, bodies: (answer, serialise) => bodies.maker(endpoint, answer, serialise) }

/** What is generated is the same for the same id. */
export function toolsFor (endpoint: { id: string }, origin: Origin | undefined, tools: CompileTools, diagnostics: Diagnostic[]): AnswerTools {
  return {
    templates: tools.templates,
    root: origin?.folder ?? tools.cwd,
    isForeign: origin?.imported === true,
    ...tools.schemas !== undefined && { schemas: tools.schemas },
    generate: (schema, seed) => tools.generate(schema, seed === undefined ? endpoint.id : `${endpoint.id} ${seed}`),
    fits: tools.fits,
    at (key, compile) {
      try {
        return compile()
      } catch (error) {
        diagnostics.push(diagnosticOf(error, key, origin))
        return undefined
      }
    }
  }
}

/** The pointer of a template or condition leads on from the key that holds it. */
function diagnosticOf (error: unknown, key: string, origin: Origin | undefined): Diagnostic {
  const fault = faultOf(error)
  const pointer = `/${key}${fault.inner}`
  const place = origin?.locate(pointer)
  return {
    severity: 'error',
    code: fault.code,
    message: fault.message,
    ...fault.hint !== undefined && { hint: fault.hint },
    pointer: `${origin?.pointer ?? ''}${pointer}`,
    ...origin?.file !== undefined && { file: origin.file },
    ...place !== undefined && { line: place.line, column: place.column }
  }
}

function faultOf (error: unknown) {
  if (error instanceof TemplateError) return { code: 'bad-template', message: error.detail, inner: error.pointer, hint: error.hint }
  if (error instanceof ConditionError) return { code: 'bad-condition', message: error.message, inner: error.pointer, hint: error.hint }
  return { code: 'bad-value', message: messageOf(error), inner: '', hint: undefined }
}

/** A loaded configuration's endpoints, which all have ids. */
export function identified (config: Config): ReadonlyArray<Endpoint & { id: string }> {
  return (config.endpoints ?? []).filter((endpoint): endpoint is Endpoint & { id: string } => endpoint.id !== undefined)
}
