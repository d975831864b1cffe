import type { JsonSchema } from '../config.ts'
import type { SchemaCompiler, Source } from '../schema/compiler.ts'
import type { Interpreter } from '../schema/interpreter.ts'
import { tiered } from '../schema/tiered.ts'
import type { Finder } from './find.ts'
import type { Finding } from './walk.ts'
import type { RequestPart, Violation } from './violation.ts'

/** One part of a request and its schema. */
export interface Part {
  /** Whether a value fits; what came as text is converted, and defaults are filled in. */
  holds (value: unknown): boolean
  /** Everything that is wrong with a value. */
  find (value: unknown): Violation[]
}

/** Credentials that are declared as parameters, or as fields of a body, are not repeated in answers and logs. */
const isSecret = (part: RequestPart, pointer: string): boolean =>
  part === 'cookie' || (part === 'body' ? SECRET_FIELD : SECRET_PARAMETER).test(pointer)

const SECRET_PARAMETER = /auth|token|key|secret|session|password|signature|cookie/i
const SECRET_FIELD = /passw|passphrase|secret|token|credential|api_?key|private_?key/i

function without ({ actual: _actual, ...finding }: Finding): Finding {
  return finding
}

/** What parts are judged with: made once for a configuration. */
export interface Judges {
  compiler: SchemaCompiler
  interpreter: Interpreter
  finder: Finder
}

/**
 * @param at where the schema stands, relative to the endpoint: `schema/querystring`
 */
export function createPart (part: RequestPart, schema: JsonSchema, at: string, source: Source, { compiler, interpreter, finder }: Judges): Part {
  const validate = compiler.validator(schema, source)
  const findsFault = (value: unknown) => finder(schema, value, { source, at }).length > 0
  // What came as text is converted by the validator, in place, which an interpreter does not do.
  const holds = source === 'text' ? validate : tiered(schema, { interpreter, validate, findsFault, direction: 'request' })
  return {
    holds,
    find (value) {
      if (holds(value)) return []
      const found = finder(schema, value, { source, at })
      if (found.length > 0) return found.map(finding => ({ in: part, ...isSecret(part, finding.pointer) ? without(finding) : finding }))
      // What the validator said, should it see more than the finder.
      return (validate.errors ?? []).map(({ instancePath, keyword, message, params }) =>
        ({ in: part, pointer: instancePath, rule: keyword, expected: params, message: message ?? 'is not valid' }))
    }
  }
}
