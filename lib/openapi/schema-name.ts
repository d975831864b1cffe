import { posix } from 'node:path'
import { tokens } from '../json-pointer.ts'
import { operationName } from './operation-name.ts'

/** Where the loader puts the other files of a document, by their path. */
export const FILES = 'x-files'

/** Tokens of a pointer that say where a thing stands, not what it is. */
const STRUCTURE = new Set([
  'components', 'schemas', 'responses', 'parameters', 'requestBodies', 'headers', 'definitions', '$defs', 'paths', 'pathItems',
  'content', 'schema', 'properties', FILES
])

/**
 * A readable name for a schema that has none of its own, made of the pointer to it.
 *
 * @example
 * schemaName('/components/responses/NotFound/content/application~1json/schema') // 'NotFound'
 * schemaName('/paths/~1users~1{id}/get/responses/200/content/application~1json/schema') // 'getUsersById_200'
 * schemaName('/x-files/schemas~1Pet.yaml') // 'Pet'
 */
export function schemaName (pointer: string): string {
  const all = tokens(pointer)
  const named = all.filter(token => !STRUCTURE.has(token))
  if (all[0] === 'paths' && named.length > 1) named.splice(0, 2, operationName(named[1]!, named[0]!))
  else if (all[0] === FILES && named.length > 0) named.splice(0, 1, ...all.length > 2 ? [] : [baseName(named[0]!)])
  const parts = named.filter(token => !/^[\w.+-]+\/[\w.+*-]+/.test(token))
  return parts.join('_') || baseName(all[1] ?? '') || 'Schema'
}

/** `schemas/Pet.schema.yaml` is about `Pet`. */
const baseName = (file: string): string => posix.basename(file).replace(/\..*$/, '')
