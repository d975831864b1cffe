import type { FaultOptions } from '../config.ts'
import { FAULT_KINDS, FAULT_SYNONYMS, type FaultKind } from '../config-keys/fault.ts'

/** The names in a configured `kind`. */
export function namesOf (kind: FaultOptions['kind']): string[] {
  return typeof kind === 'object' && !Array.isArray(kind) ? Object.keys(kind) : [kind].flat()
}

/** A fault by its own name, or by that of another tool; undefined where there is none. */
export function faultNamed (name: string): FaultKind | undefined {
  return FAULT_KINDS.find(kind => kind === name) ?? Object.entries(FAULT_SYNONYMS).find(([synonym]) => synonym === name)?.[1]
}
