import type { JsonSchema } from '../config.ts'
import { entryFor, requestBody, sourceOf, type BodyEntry } from '../request-body.ts'
import { SchemaView, type SharedSchemas } from '../schema/schema-view.ts'
import { decodeBody } from './decode.ts'
import type { DecodedBody } from './decoded-body.ts'
import { longIntegerSearch } from './exact-integers.ts'

/** How the bodies of one endpoint are read. */
export interface BodyReader {
  /** Whether the configuration speaks of a body. */
  readonly isDeclared: boolean
  /** Whether validation may be given something else than templates: only then is there anything to restore. */
  readonly needsRestoring: boolean
  /** Whether its JSON may hold integers of 64 bits, whose digits are to be kept. */
  readonly hasLongIntegers: boolean
  /** Reads a body that is not JSON; undefined where it stays as it is. Throws MOCK_ERR_BODY_MALFORMED. */
  decode (body: string | Buffer, contentType: string): DecodedBody | Promise<DecodedBody> | undefined
  /** Whether a body of this type is made of text by its schema, and validated. */
  isText (contentType: string): boolean
}

/**
 * Makes readers for the endpoints of one configuration.
 *
 * @param shared the configuration's `schemas`
 */
export function createBodyReaders (shared: SharedSchemas = {}): (schema: JsonSchema | undefined) => BodyReader {
  const hasLongIntegers = longIntegerSearch(shared)
  return schema => createReader(schema, shared, hasLongIntegers)
}

function createReader (schema: JsonSchema | undefined, shared: SharedSchemas, searchLongIntegers: (schema: JsonSchema | undefined) => boolean): BodyReader {
  const body = requestBody(schema)
  const views = new Map<BodyEntry | undefined, SchemaView>()
  const viewOf = (entry: BodyEntry | undefined): SchemaView => {
    let view = views.get(entry)
    if (view === undefined) {
      view = new SchemaView([entry?.schema], shared)
      views.set(entry, view)
    }
    return view
  }
  const find = (contentType: string): BodyEntry | undefined => body === undefined ? undefined : entryFor(body, contentType)
  const content = body?.content ?? []
  const hasLongIntegers = content.some(entry => searchLongIntegers(entry.schema))
  return {
    isDeclared: body !== undefined,
    needsRestoring: hasLongIntegers || content.some(entry => sourceOf(entry, entry.type) !== 'json'),
    hasLongIntegers,
    decode (bytes, contentType) {
      const entry = find(contentType)
      return decodeBody(bytes, contentType, entry, () => viewOf(entry))
    },
    isText (contentType) {
      const entry = find(contentType)
      return entry !== undefined && sourceOf(entry, contentType) === 'text'
    }
  }
}
