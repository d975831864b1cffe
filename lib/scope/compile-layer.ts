import { compileEndpoints, type CompileTools } from '../compile.ts'
import { configInvalid } from '../config/invalid.ts'
import type { LoadedConfig } from '../config/load.ts'
import { runAtOnce } from '../config/slices.ts'
import type { CompiledEndpoint } from '../endpoint.ts'

/**
 * Compiles the endpoints of an overlay. Their counts and positions are their own, whatever is served behind them under the same ids; the
 * log tells the ids as they are.
 *
 * @throws MOCK_ERR_CONFIG_INVALID
 */
export function compileLayer (loaded: LoadedConfig, tools: CompileTools, overlay: string): CompiledEndpoint[] {
  const { endpoints, diagnostics } = runAtOnce(compileEndpoints(loaded, tools))
  if (diagnostics.length > 0) throw configInvalid(diagnostics)
  return endpoints.map(endpoint => ({ ...endpoint, id: `${overlay} ${endpoint.id}`, names: { ...endpoint.names, overlay } }))
}
