import { resolve } from 'node:path'
import { isAddress } from '../lib/config/read-address.ts'

/** The values of `--allow-refs-from`: an address allows its origin, anything else is a folder. */
export function allowedPlaces (values: readonly string[], cwd: string): { folder?: string, origins?: string[] } {
  const origins = values.filter(isAddress).map(value => new URL(value).origin)
  const folder = values.find(value => !isAddress(value))
  return { ...folder !== undefined && { folder: resolve(cwd, folder) }, ...origins.length > 0 && { origins } }
}
