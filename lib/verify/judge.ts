import type { Config, JsonSchema } from '../config.ts'
import { createSchemaCompiler } from '../schema/compiler.ts'
import { createFinder } from '../violation/find.ts'
import type { Finding } from '../violation/walk.ts'

/** What is wrong with a body; empty when it fits its schema. */
export type Judge = (schema: JsonSchema, body: unknown) => readonly Finding[]

/**
 * Judges bodies of answers. Whether one fits is said by the validator that requests are judged by as well (Ajv), and not by what
 * makes bodies; what exactly is wrong is found by a walk through the schema.
 *
 * @param onUnusable told of each schema that cannot be compiled, and is then not enforced
 */
export function createJudge (schemas: Config['schemas'], onUnusable: (schema: JsonSchema, reason: string) => void = () => {}): Judge {
  const compiler = createSchemaCompiler(schemas, (error, schema) => onUnusable(schema, error.message))
  const find = createFinder(schemas)
  return (schema, body) => {
    const validate = compiler.validator(schema, 'json', 'response')
    if (validate(body)) return []
    const findings = find(schema, body, { source: 'json', at: 'response_schema', direction: 'response' })
    if (findings.length > 0) return findings
    const [error] = validate.errors ?? []
    return [{
      pointer: error?.instancePath ?? '',
      rule: error?.keyword ?? 'schema',
      expected: error?.params,
      message: error?.message ?? 'does not fit its schema',
      schema_pointer: error?.schemaPath ?? ''
    }]
  }
}
