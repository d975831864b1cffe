import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Config, SecurityScheme, SigningKeys } from '../config.ts'
import { isPrivate, readKeys } from '../jwt/read-keys.ts'
import { child } from '../json-pointer.ts'
import { messageOf } from '../message-of.ts'
import { resolveBodyFile } from './body-file.ts'
import { quote } from './describe.ts'
import type { Report } from './report.ts'
import type { Unit } from './unit.ts'

/** Paths that went through here before: a configuration that was loaded is loaded again with what is put in front of it. */
const known = new Set<string>()

/** The schemes of a file, the paths of their keys absolute: where they come from is not told later. */
export function settleKeyFiles (schemes: Config['security_schemes'], folder: string): Config['security_schemes'] {
  if (schemes === undefined || !Object.values(schemes).some(scheme => keyFileOf(scheme) !== undefined)) return schemes
  return Object.fromEntries(Object.entries(schemes).map(([name, scheme]) => {
    const file = keyFileOf(scheme)
    return [name, file === undefined || typeof scheme.jwt !== 'object' ? scheme : { ...scheme, jwt: { ...scheme.jwt, key_file: resolve(folder, file) } }]
  }))
}

/** The options of the mock server's own keys; of several files, those of the first that has any. */
export function settleSigningKeys (units: readonly Unit[]): { signing_keys?: SigningKeys } {
  const unit = units.find(({ config }) => config.signing_keys !== undefined)
  const options = unit?.config.signing_keys
  if (unit === undefined || options === undefined) return {}
  return { signing_keys: { ...options, ...options.file !== undefined && { file: resolve(unit.folder, options.file) } } }
}

const keyFileOf = ({ jwt }: SecurityScheme): string | undefined => typeof jwt === 'object' ? jwt.key_file : undefined

/**
 * Reads the files of keys, and reports those that cannot be used. That of the mock server's own keys need not be there: it is made.
 *
 * @returns the absolute paths of those that are to be watched
 */
export async function checkKeyFiles (units: readonly Unit[], report: Report, signal: AbortSignal | undefined): Promise<string[]> {
  const watched: string[] = []
  for (const unit of units) {
    const { config: { security_schemes: schemes = {}, signing_keys: own }, folder, place } = unit
    if (own?.file !== undefined) await check(own.file, '/signing_keys/file', 'made')
    for (const [name, scheme] of Object.entries(schemes)) {
      const file = keyFileOf(scheme)
      const path = file === undefined ? undefined : await check(file, `${child('/security_schemes', name)}/jwt/key_file`, 'read')
      if (path !== undefined) watched.push(path)
    }

    async function check (file: string, pointer: string, how: 'made' | 'read'): Promise<string | undefined> {
      signal?.throwIfAborted()
      const path = resolve(folder, file)
      const found = known.has(path) ? { path } : await resolveBodyFile(folder, file)
      if ('problem' in found && found.problem === 'missing' && how === 'made') {
        known.add(path)
        return undefined
      }
      if ('problem' in found) {
        report.add(found.problem === 'outside'
          ? { code: 'file-outside', message: `${quote(file)} leads out of ${folder}`, hint: 'keys are read from the folder of the configuration only', pointer }
          : { code: 'no-file', message: `there is no file ${quote(file)} in ${folder}`, hint: 'keys are PEM, a JWK or a JWK Set', pointer }, place)
        return undefined
      }
      try {
        const keys = readKeys(await readFile(found.path, 'utf8'))
        if (how === 'made' && !keys.some(isPrivate)) throw new Error('there is no private key in it')
        known.add(path)
        return path
      } catch (error) {
        if (how === 'made' && isMissing(error)) return undefined
        report.add({ code: 'bad-key', message: `${quote(file)} cannot be used: ${messageOf(error)}`, hint: 'keys are PEM, a JWK or a JWK Set', pointer }, place)
        return undefined
      }
    }
  }
  return watched
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT'
