import type { Diagnostic } from '../diagnostic.ts'
import { as31 } from './as-31.ts'
import { isObject, type JsonObject } from './json-object.ts'

/** More than these are not worth reading before the first are mended. */
const MAX_TOLD = 50

/** The parser names a document that it is given as an object by what JavaScript calls it. */
const messageOf = (error: unknown): string => error instanceof Error
  ? error.message.replace(/\s+/g, ' ').replace(/^\[object Object\] is not a valid .*definition/, 'the document does not fit the schema of its version')
  : String(error)

/** Keywords whose failure only repeats that of the alternatives below them. */
const COMBINING = new Set(['oneOf', 'anyOf', 'allOf', 'if', '$ref', 'not'])

/**
 * Checks a document against the specification itself: its JSON Schema, and the rules that a schema cannot say. For a report
 * only, because many documents that serve well are not valid; and costly, so it is loaded and done only when asked for.
 *
 * @param document as `loadDocument` gives it; it is not changed
 * @param file what the diagnostics name as the file
 */
export async function validateDocument (document: JsonObject, file?: string): Promise<Diagnostic[]> {
  const { default: SwaggerParser } = await import('@apidevtools/swagger-parser')
  const copy = structuredClone(document)
  // The parser knows no 3.2 yet: what 3.2 adds is not checked, and the rest is.
  if (typeof copy.openapi === 'string' && /^3\.[2-9]/.test(copy.openapi)) as31(copy)
  const at = file === undefined ? {} : { file }
  try {
    // The seam to a library whose types expect what it is to find out.
    await SwaggerParser.validate(copy as never, { resolve: { external: false }, dereference: { circular: 'ignore' } })
    return []
  } catch (error) {
    const details = error instanceof Error && 'details' in error && Array.isArray(error.details) ? error.details.filter(isObject) : []
    const told = new Map<string, Diagnostic>()
    for (const { instancePath, message, keyword } of details) {
      if (typeof instancePath !== 'string' || COMBINING.has(String(keyword))) continue
      const key = `${instancePath} ${String(message)}`
      if (told.size < MAX_TOLD) told.set(key, { severity: 'error', code: 'openapi-invalid', message: String(message), pointer: instancePath, ...at })
    }
    if (told.size > 0) return [...told.values()]
    return [{ severity: 'error', code: 'openapi-invalid', message: messageOf(error), pointer: '', ...at }]
  }
}
