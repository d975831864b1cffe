import type { Config, JsonSchema } from './config.ts'
import type { LoadedConfig, Origin } from './config/load.ts'
import type { Diagnostic } from './diagnostic.ts'
import { messageOf } from './message-of.ts'
import { requestBody } from './request-body.ts'
import type { SchemaCompiler, Source } from './schema/compiler.ts'

/**
 * Compiles every schema that requests are validated against, which serving leaves until it is needed, and warns of those that
 * cannot be enforced. Offers a pause after each endpoint.
 */
export function * checkSchemas ({ config, origins }: LoadedConfig, compiler: SchemaCompiler): Generator<void, Diagnostic[]> {
  const diagnostics: Diagnostic[] = []
  for (const [index, endpoint] of (config.endpoints ?? []).entries()) {
    for (const { schema, source, pointer } of schemasOf(endpoint)) {
      try {
        for (const reason of compiler.check(schema, source)) diagnostics.push(warningOf(reason, pointer, origins[index]))
      } catch (error) {
        diagnostics.push(warningOf(`this schema cannot be enforced: ${messageOf(error)}`, pointer, origins[index]))
      }
    }
    yield
  }
  return diagnostics
}

type Endpoint = NonNullable<Config['endpoints']>[number]

function * schemasOf ({ schema = {} }: Endpoint): Generator<{ schema: JsonSchema, source: Source, pointer: string }> {
  for (const part of ['params', 'querystring', 'headers', 'cookies'] as const) {
    const value = schema[part]
    if (value !== undefined) yield { schema: value, source: 'text', pointer: `/schema/${part}` }
  }
  for (const entry of requestBody(schema.body)?.content ?? []) {
    if (entry.schema !== undefined) yield { schema: entry.schema, source: /json/.test(entry.type) ? 'json' : 'text', pointer: '/schema/body' }
  }
}

function warningOf (message: string, pointer: string, origin: Origin | undefined): Diagnostic {
  const place = origin?.locate(pointer)
  return {
    severity: 'warning',
    code: 'unusable-schema',
    message,
    pointer: `${origin?.pointer ?? ''}${pointer}`,
    ...origin?.file !== undefined && { file: origin.file },
    ...place !== undefined && { line: place.line, column: place.column }
  }
}
