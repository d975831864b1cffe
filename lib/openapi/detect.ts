import { isObject, type JsonObject } from './json-object.ts'

/** Versions that differ in how they are read. */
export type Family = '2.0' | '3.0' | '3.1' | '3.2'

/** Whether a parsed text is an OpenAPI (or Swagger) document: it has one of the two keys that say so. */
export function isOpenApi (value: unknown): value is JsonObject {
  return isObject(value) && (value.openapi !== undefined || value.swagger !== undefined)
}

/** The version as written, also where it is a number: `openapi: 3.1`. */
export const versionOf = (document: JsonObject): string => String(document.openapi ?? document.swagger ?? '')

/** What a version is read as: the nearest one known. */
export function familyOf (document: JsonObject): Family {
  const version = versionOf(document)
  if (document.openapi === undefined || /^[12](\.|$)/.test(version)) return '2.0'
  if (/^3(\.0|$)/.test(version)) return '3.0'
  return version.startsWith('3.1') ? '3.1' : '3.2'
}

/** Whether schemas are JSON Schema 2020-12 already (OpenAPI 3.1, section 4.8.24). */
export const isModern = (family: Family): boolean => family === '3.1' || family === '3.2'
