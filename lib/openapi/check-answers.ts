import type { Config, JsonSchema, Response } from '../config.ts'
import { createGenerator, type Generator } from '../generate/generator.ts'
import { child } from '../json-pointer.ts'
import { createRandom, seedOf } from '../random.ts'

/** An answer whose body is made from a schema, and is not valid. */
export interface PoorAnswer {
  /** Index among the configuration's endpoints. */
  endpoint: number
  status: number
  reason: string
}

/**
 * Makes the body of each answer that has no example, to see whether it is valid: some schemas allow no value at all, and for a
 * few none is found. Schemas that several answers share are tried once.
 */
export function * checkAnswers (config: Config): Iterable<PoorAnswer> {
  const generator = createGenerator({ schemas: config.schemas ?? {}, ...config.locale !== undefined && { locale: config.locale } })
  const known = new Map<unknown, string | undefined>()
  for (const [endpoint, { responses = [] }] of (config.endpoints ?? []).entries()) {
    for (const response of responses) {
      const schema = schemaOf(response)
      if (schema === undefined) continue
      const key = typeof schema === 'object' && '$ref' in schema ? schema.$ref : schema
      if (!known.has(key)) known.set(key, problemOf(generator, schema))
      const reason = known.get(key)
      if (reason !== undefined) yield { endpoint, status: response.status ?? 200, reason }
    }
  }
}

function schemaOf ({ response_schema: schema, response, text, base64 }: Response): JsonSchema | undefined {
  return response === undefined && text === undefined && base64 === undefined ? schema : undefined
}

function problemOf (generator: Generator, schema: JsonSchema): string | undefined {
  const { valid, problem } = generator.generate(schema, createRandom(seedOf(0)))
  // What leads nowhere has been told where it stands.
  return valid === false ? problem : undefined
}

/** Where the answers of an operation stand. */
export const answerPointer = (operation: string, status: number): string => child(child(operation, 'responses'), String(status))
