import { compileEndpoint } from '../endpoint.ts'
import { toolsFor, type CompileTools } from '../compile.ts'
import type { Behaviour } from '../config.ts'
import type { LoadedConfig } from '../config/load.ts'
import type { Diagnostic } from '../diagnostic.ts'
import { child } from '../json-pointer.ts'

/**
 * Compiles what profiles say, as if it stood on an endpoint, and offers a pause after each: what is wrong with their templates is told with
 * the configuration, and not by the first request that uses them.
 */
export function * compileProfiles ({ config, profileOrigins }: LoadedConfig, tools: CompileTools): Generator<void, Diagnostic[]> {
  const diagnostics: Diagnostic[] = []
  for (const [name, { description: _description, extends: _bases, situation: _situation, tags = {}, endpoints = {}, ...behaviour }] of Object.entries(config.profiles ?? {})) {
    const own = toolsFor({ id: `profile ${name}` }, profileOrigins.get(name), tools, diagnostics)
    const compile = (behaviour: Behaviour, at: string): void => {
      compileEndpoint({ id: `profile ${name}${at}`, path: '/', ...behaviour }, { ...own, at: (key, run) => own.at(at === '' ? key : `${at.slice(1)}/${key}`, run) })
    }
    compile(behaviour, '')
    for (const [tag, said] of Object.entries(tags)) compile(said, child('/tags', tag))
    for (const [id, said] of Object.entries(endpoints)) compile(said, child('/endpoints', id))
    yield
  }
  return diagnostics
}
