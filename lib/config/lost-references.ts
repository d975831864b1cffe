import type { Diagnostic } from '../diagnostic.ts'
import type { LoadedConfig } from './load.ts'

/**
 * What the documents of a configuration refer to and could be read before, and cannot any more: a file that was saved broken, or is
 * not complete yet. At start such a reference degrades its operations; while serving, it is a reason to keep what is served.
 */
export function lostReferences (before: LoadedConfig, after: LoadedConfig): Diagnostic[] {
  const known = new Set(unresolvedIn(before).map(keyOf))
  const lost = new Map<string, Diagnostic>()
  for (const diagnostic of unresolvedIn(after)) {
    // One broken file may be referred to from a hundred places.
    if (!known.has(keyOf(diagnostic)) && !lost.has(keyOf(diagnostic))) lost.set(keyOf(diagnostic), { ...diagnostic, severity: 'error' })
  }
  return [...lost.values()]
}

const unresolvedIn = ({ diagnostics }: LoadedConfig): Diagnostic[] => diagnostics.filter(({ code }) => code === 'unresolved-reference')

const keyOf = ({ file, message }: Diagnostic): string => `${file ?? ''} ${message}`
