import { dirname, resolve } from 'node:path'
import type { Diagnostic } from '../diagnostic.ts'
import { child, tokens } from '../json-pointer.ts'
import { versionOf } from './detect.ts'
import { objectAt, type JsonObject } from './json-object.ts'
import { limitWarnings } from './limit-warnings.ts'
import { DEGRADED, type Degradation, type ImportReport } from './report.ts'
import { FILES } from './schema-name.ts'

/** Collects what an import has to tell. */
export interface Findings {
  degrade (operation: string, pointer: string, reason: string): void
  warn (code: string, pointer: string, message: string, hint?: string): void
  /** @param operations the labels of all operations */
  report (document: JsonObject, operations: readonly string[]): ImportReport
}

/** @param file absolute path of the document, for the places in diagnostics */
export function createFindings (file: string | undefined): Findings {
  const degraded = new Map<string, Degradation>()
  const warnings = new Map<string, Diagnostic>()

  function warn (code: string, pointer: string, message: string, hint?: string): void {
    const key = `${pointer} ${message}`
    if (!warnings.has(key)) warnings.set(key, { severity: 'warning', code, message, ...hint !== undefined && { hint }, ...placeInFiles(pointer, file) })
  }

  return {
    warn,
    degrade (operation, pointer, reason) {
      degraded.set(`${operation}\n${pointer}\n${reason}`, { operation, pointer, reason })
      warn(DEGRADED, pointer, reason)
    },
    report (document, operations) {
      const info = objectAt(document, 'info') ?? {}
      const incomplete = new Set([...degraded.values()].map(({ operation }) => operation))
      return {
        title: typeof info.title === 'string' ? info.title : 'An API without a title',
        version: info.version === undefined ? '' : String(info.version),
        openapi: versionOf(document),
        operations: operations.length,
        complete: operations.filter(operation => !incomplete.has(operation)).length,
        degraded: [...degraded.values()],
        warnings: limitWarnings([...warnings.values()])
      }
    }
  }
}

/** What stands in another file of the document is told there: the loader has put it under its path. */
export function placeInFiles (pointer: string, file: string | undefined): Pick<Diagnostic, 'pointer' | 'file'> {
  const [first, part, ...rest] = tokens(pointer)
  if (first !== FILES || part === undefined || file === undefined || part.includes('://')) return { pointer, ...file !== undefined && { file } }
  return { pointer: rest.reduce(child, ''), file: resolve(dirname(file), part) }
}
