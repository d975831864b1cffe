import type { CompiledEndpoint } from '../endpoint.ts'
import type { ExplainableEndpoint } from '../explain.ts'
import { endpointResponses } from './endpoint-responses.ts'

/**
 * Compiled endpoints as they are explained: one for each base path.
 *
 * @param originOf where an endpoint stands; asked for the few that are told
 */
export function explainableEndpoints (endpoints: readonly CompiledEndpoint[], originOf: (endpoint: CompiledEndpoint) => string | undefined): ExplainableEndpoint[] {
  return endpoints.flatMap(endpoint => {
    const { id, path, methods, config, names: { overlay } } = endpoint
    const responses = endpointResponses(endpoint)
    return (config.base_paths ?? ['']).map(base => ({
      id,
      methods,
      path: base + path,
      enabled: config.enabled !== false,
      ...config.match !== undefined && { match: config.match },
      ...responses !== undefined && { responses },
      ...overlay !== undefined && { overlay },
      get origin () { return originOf(endpoint) }
    }))
  })
}
