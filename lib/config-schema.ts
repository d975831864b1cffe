import { readFileSync } from 'node:fs'
import type { ObjectSchema } from './schema/subschemas.ts'

/** The configuration's JSON Schema; `$defs.JsonSchema` is that of the schemas in it. */
export interface ConfigSchema extends ObjectSchema {
  readonly properties: Readonly<Record<'endpoints' | 'defaults' | 'log' | 'control', ObjectSchema> & Record<string, ObjectSchema>>
  readonly $defs: { readonly JsonSchema: ObjectSchema, readonly When: ObjectSchema, readonly Behaviour: ObjectSchema }
}

/**
 * The configuration's schema as it is published. `config.ts` is its source, from which `npm run docs` writes the file (a test tells when
 * that is due); it is read instead of built because TypeBox is some 370 modules, a quarter of a second at every start.
 */
export const configSchema: ConfigSchema = JSON.parse(readFileSync(new URL('config.schema.json', import.meta.url), 'utf8'))
