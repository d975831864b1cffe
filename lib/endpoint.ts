import { compileAnswer, type Answer, type AnswerTools } from './answer.ts'
import type { Endpoint, Failure, Response } from './config.ts'
import { methodsOf } from './config/methods.ts'
import { routeKeys } from './config/route-key.ts'
import { latencySampler } from './latency.ts'
import { routePath, type RoutePath } from './path.ts'
import { variantChooser, type Variant, type VariantChooser } from './variant.ts'

/** An endpoint with everything that a request to it needs. */
export interface CompiledEndpoint {
  readonly id: string
  /** As configured. */
  readonly path: string
  readonly config: Endpoint
  /** Upper case; `*` is spelled out. */
  readonly methods: readonly string[]
  /** Where it is served: one route for each base path. */
  readonly routes: readonly ServedRoute[]
  readonly variants: readonly [Variant, ...Variant[]]
  /** Which variant a request asks for. */
  readonly choose: VariantChooser
  /** Whether any answer needs waiting, failing, or a context to render. */
  readonly behaviour: { readonly latency: boolean, readonly failure: boolean }
}

/** A route, and the places that it takes: no other route of the same method may have one of them. */
export interface ServedRoute extends RoutePath {
  readonly places: readonly string[]
}

/** Compiles one endpoint of a validated configuration. What is wrong with it is reported through `tools.at`. */
export function compileEndpoint (endpoint: Endpoint & { id: string }, tools: AnswerTools): CompiledEndpoint {
  const variants = endpoint.responses === undefined
    ? [compileVariant(endpoint, endpoint, tools)]
    : endpoint.responses.map((response, index) => compileVariant(response, endpoint, within(tools, `responses/${index}`)))
  const [first = compileVariant(endpoint, endpoint, tools), ...rest] = variants
  const basePaths = endpoint.base_paths ?? ['']
  return {
    id: endpoint.id,
    path: endpoint.path,
    config: endpoint,
    methods: methodsOf(endpoint),
    routes: basePaths.map(base => ({ ...routePath(base + endpoint.path), places: routeKeys(endpoint.path, [base]) })),
    variants: [first, ...rest],
    choose: variantChooser([first, ...rest]),
    behaviour: {
      latency: variants.some(variant => variant.latency !== undefined),
      failure: variants.some(variant => variant.failure !== undefined)
    }
  }
}

function compileVariant (response: Response, endpoint: Endpoint, tools: AnswerTools): Variant {
  const variant: { -readonly [K in keyof Variant]: Variant[K] } = { answer: compileAnswer(response, tools) }
  if (response.name !== undefined) variant.name = response.name
  if (response.stands_for !== undefined) variant.standsFor = response.stands_for
  const latency = latencySampler(response.latency_ms ?? endpoint.latency_ms)
  if (latency !== undefined) variant.latency = latency
  const rate = response.failure_rate ?? endpoint.failure_rate ?? 0
  if (rate > 0) variant.failure = { rate, answers: compileFailure(response.failure ?? endpoint.failure ?? {}, within(tools, 'failure')) }
  return variant
}

/** One answer for each status that may be picked. */
function compileFailure (failure: Failure, tools: AnswerTools): readonly Answer[] {
  return [failure.status ?? 500].flat().map(status => {
    const config = { status, headers: { 'x-mock-injected': 'failure', ...failure.headers } }
    if (failure.body !== undefined) return compileAnswer({ ...config, response: failure.body }, tools)
    const response = { type: 'about:blank', title: 'Injected failure', status, detail: 'The mock server failed this request on purpose (failure_rate).' }
    return compileAnswer({ ...config, content_type: 'application/problem+json', response }, tools)
  })
}

const within = (tools: AnswerTools, prefix: string): AnswerTools =>
  ({ ...tools, at: (key, compile) => tools.at(`${prefix}/${key}`, compile) })
