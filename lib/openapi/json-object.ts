import { isObject } from '../schema/subschemas.ts'

/**
 * Readers for documents as they come: what has the wrong shape counts as if it were not there, so that one bad key costs
 * no more than itself.
 */
export type JsonObject = Record<string, unknown>

export { isObject }

export function objectAt (holder: JsonObject, key: string): JsonObject | undefined {
  const value = holder[key]
  return isObject(value) ? value : undefined
}

export function textAt (holder: JsonObject, key: string): string | undefined {
  const value = holder[key]
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function listAt (holder: JsonObject, key: string): unknown[] {
  const value = holder[key]
  return Array.isArray(value) ? value : []
}

export const textsAt = (holder: JsonObject, key: string): string[] =>
  listAt(holder, key).filter(item => typeof item === 'string')

/** Members without the specification's extensions (`x-...`). */
export const membersOf = (value: unknown): Array<[string, unknown]> =>
  isObject(value) ? Object.entries(value).filter(([key]) => !key.startsWith('x-')) : []
