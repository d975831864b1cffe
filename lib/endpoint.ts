import { compileAnswer, type AnswerTools } from './answer.ts'
import { compileCacheOf } from './cache/compile-cache.ts'
import { compileCondition } from './condition/compile-condition.ts'
import type { Callback, Endpoint, Response } from './config.ts'
import { methodsOf } from './config/methods.ts'
import { routeKeys } from './config/route-key.ts'
import { compileFailure } from './failure/compile-variant-failure.ts'
import { compileFailureAnswers, type FailureAnswers } from './failure/compile-failure.ts'
import { compileFault } from './fault/compile-fault.ts'
import { child } from './json-pointer.ts'
import { latencySampler } from './latency.ts'
import { compileRateLimits, type CompiledRateLimits } from './rate-limit/compile-rate-limits.ts'
import { routePath, type RoutePath } from './path.ts'
import { compileChooser, type Chooser } from './choose.ts'
import { exampleRequest } from './example-request.ts'
import { compileLogin, type Login } from './security/compile-session.ts'
import { compileGates } from './state/scenario-gate.ts'
import { type Variant } from './variant.ts'
import { compileWebhook, type CompiledWebhook } from './webhook/compile-webhook.ts'

/** An endpoint with everything that a request to it needs. */
export interface CompiledEndpoint {
  readonly id: string
  /** As configured. */
  readonly path: string
  readonly config: Endpoint
  /** What it was made of as it is configured: itself, or the resource that it is an operation of. */
  readonly source: Endpoint & { readonly id: string }
  /** What the request log keeps of it, beyond its generation. */
  readonly names: { readonly id: string, readonly path: string, readonly overlay?: string }
  /** Upper case; `*` is spelled out. */
  readonly methods: readonly string[]
  /** Where it is served: one route for each base path. */
  readonly routes: readonly ServedRoute[]
  readonly variants: readonly [Variant, ...Variant[]]
  /** Which variant a request gets. */
  readonly chooser: Chooser
  /** The answers of failures that a request asks for. */
  readonly failureAnswers: FailureAnswers
  /** How many requests it serves in what time; absent where there is no limit. */
  readonly rateLimits?: CompiledRateLimits
  /** Who can begin a session with it. */
  readonly login?: Login
  /** What is sent after its answers below 400 that have no callbacks of their own. */
  readonly callbacks?: readonly CompiledWebhook[]
  /** Whether any answer needs waiting, failing, breaking, or something sent after it. */
  readonly behaviour: { readonly latency: boolean, readonly failure: boolean, readonly fault: boolean, readonly cache: boolean, readonly callbacks: boolean }
}

/** A route, and the places that it takes: no other route of the same method may have one of them. */
export interface ServedRoute extends RoutePath {
  readonly places: readonly string[]
}

/**
 * Compiles one endpoint of a validated configuration. What is wrong with it is reported through `tools.at`.
 *
 * @param source the resource, of an endpoint that is one of its operations
 */
export function compileEndpoint (endpoint: Endpoint & { id: string }, tools: AnswerTools, source: Endpoint & { id: string } = endpoint): CompiledEndpoint {
  const own = (): readonly Variant[] => chosen.variants
  const variants = endpoint.responses === undefined
    ? [compileVariant(endpoint, endpoint, 0, tools, own)]
    : endpoint.responses.map((response, index) => compileVariant(response, endpoint, index, within(tools, `responses/${index}`), own))
  const [first = compileVariant(endpoint, endpoint, 0, tools, own), ...rest] = variants
  const chosen = compileChooser([first, ...rest], { negotiate: endpoint.negotiate ?? 'prefer', choose: endpoint.choose })
  const basePaths = endpoint.base_paths ?? ['']
  const callbacks = compileCallbacks(endpoint.callbacks, tools)
  const login = compileLogin(endpoint.session, tools)
  const rateLimits = compileRateLimits(endpoint, source.id, tools)
  return {
    id: endpoint.id,
    path: endpoint.path,
    config: endpoint,
    source,
    names: { id: endpoint.id, path: endpoint.path },
    methods: methodsOf(endpoint),
    routes: basePaths.map(base => ({ ...routePath(base + endpoint.path), places: routeKeys(endpoint.path, [base], endpoint.match) })),
    variants: chosen.variants,
    chooser: chosen.chooser,
    failureAnswers: lazily(() => compileFailureAnswers(endpoint.failure === false ? {} : endpoint.failure ?? {}, () => chosen.variants, within(tools, 'failure'))),
    behaviour: {
      latency: variants.some(variant => variant.latency !== undefined),
      failure: variants.some(variant => variant.failure !== undefined),
      fault: variants.some(variant => variant.fault !== undefined),
      cache: variants.some(variant => variant.cache !== undefined),
      callbacks: callbacks !== undefined || variants.some(variant => variant.callbacks !== undefined)
    },
    ...rateLimits !== undefined && { rateLimits },
    ...login !== undefined && { login },
    ...callbacks !== undefined && { callbacks }
  }
}

/** @param own all answers of the endpoint, to be asked for once it is compiled */
function compileVariant (response: Response, endpoint: Endpoint & { id: string }, place: number, tools: AnswerTools, own: () => readonly Variant[]): Variant {
  const variant: { -readonly [K in keyof Variant]: Variant[K] } = { place, answer: compileAnswer(response, tools, tools.bodies) }
  if (response.name !== undefined) variant.name = response.name
  if (response.stands_for !== undefined) variant.standsFor = response.stands_for
  if (response.for_request !== undefined) variant.isFor = exampleRequest(response.for_request)
  const { when } = response
  const condition = when === undefined ? undefined : tools.at('when', () => compileCondition(when, tools))
  if (condition !== undefined) variant.when = condition
  const gates = compileGates(response.scenario)
  if (gates !== undefined) variant.gates = gates
  if (response.times !== undefined) variant.times = response.times
  if (response.weight !== undefined) variant.weight = response.weight
  if (response.set !== undefined) variant.sets = compileSets(response, response.set, tools)
  const latency = latencySampler(response.latency_ms ?? endpoint.latency_ms)
  if (latency !== undefined) variant.latency = latency
  // Those of an endpoint with one answer are the endpoint's: they do not go with what is rejected.
  const callbacks = response === endpoint ? undefined : compileCallbacks(response.callbacks, tools)
  if (callbacks !== undefined) variant.callbacks = callbacks
  const failure = compileFailure(response, endpoint, place, within(tools, 'failure'), own)
  if (failure !== undefined) variant.failure = failure
  const cache = compileCacheOf(response, endpoint, tools)
  if (cache !== undefined) variant.cache = cache
  const fault = compileFault(response, endpoint, place, within(tools, 'fault'))
  if (fault !== undefined) variant.fault = fault
  return variant
}

/** The variables that an answer sets, each with what makes its value. */
function compileSets ({ template }: Response, set: NonNullable<Response['set']>, tools: AnswerTools): NonNullable<Variant['sets']> {
  return Object.entries(set).flatMap(([name, value]) => {
    const compiled = template === false ? undefined : tools.at(child('set', name), () => tools.templates.value(value))
    return [[name, compiled === undefined || compiled.constant ? () => value : compiled.render] as const]
  })
}

const compileCallbacks = (callbacks: readonly Callback[] | undefined, tools: AnswerTools): readonly CompiledWebhook[] | undefined =>
  callbacks?.map((callback, index) => compileWebhook(callback.name, callback, within(tools, `callbacks/${index}`)))

/** Made when first asked for: most endpoints are never made to fail by a request. */
function lazily (make: () => FailureAnswers): FailureAnswers {
  let made: FailureAnswers | undefined
  return (status, accept) => {
    made ??= make()
    return made(status, accept)
  }
}

const within = (tools: AnswerTools, prefix: string): AnswerTools =>
  ({ ...tools, at: (key, compile) => tools.at(`${prefix}/${key}`, compile) })
