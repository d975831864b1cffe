import type { LoadedConfig } from '../config/load.ts'

/**
 * Looks up where in a file the keyword stands that a violation names: `mocks/users.yaml:12`.
 *
 * @returns undefined for what stands in no file
 */
export function placesIn ({ config, origins }: LoadedConfig): (endpointId: string, schemaPointer: string) => string | undefined {
  let indexes: Map<string, number> | undefined
  return (endpointId, schemaPointer) => {
    indexes ??= new Map((config.endpoints ?? []).map(({ id = '' }, index) => [id, index]))
    const origin = origins[indexes.get(endpointId) ?? -1]
    if (origin?.file === undefined) return undefined
    const line = origin.locateRule(schemaPointer)?.line
    if (line !== undefined) return `${origin.file}:${line}`
    return origin.pointer.startsWith('/paths/') ? `${origin.file}#${origin.pointer}` : undefined
  }
}
