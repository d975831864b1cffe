import { isObject } from '../schema/subschemas.ts'

/** Whether a parsed text is an OpenAPI overlay, told by its content. */
export const isOverlay = (value: unknown): boolean => isObject(value) && value.overlay !== undefined && Array.isArray(value.actions)

/** The document that an overlay says it is for: a path relative to it, or an address. */
export function extendedBy (overlay: unknown): string | undefined {
  return isObject(overlay) && typeof overlay.extends === 'string' && overlay.extends !== '' ? overlay.extends.replace(/^file:\/\//, '') : undefined
}
