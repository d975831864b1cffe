import type { CompiledEndpoint } from './endpoint.ts'
import type { LazyValidator } from './schema/compiler.ts'

/**
 * Makes beforehand what the first request to each endpoint would otherwise wait for: the validators of its parameters, and what its
 * usual answer is generated with. One thing at a time, with a pause after each.
 */
export function * warmUp (endpoints: readonly CompiledEndpoint[], validators: readonly LazyValidator[]): Generator<void, void> {
  for (const validator of validators) {
    validator.prepare()
    yield
  }
  for (const { config, variants: [{ answer: { body } }] } of endpoints) {
    if (config.enabled === false || body?.kind !== 'lazy') continue
    try {
      body.payload()
    } catch {
      // It will fail again for the request, which tells why.
    }
    yield
  }
}
