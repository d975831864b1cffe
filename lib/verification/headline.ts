import type { Verdict } from '../condition/verdict.ts'
import type { LogEntry } from '../request-log.ts'
import type { NearRequest } from './nearest.ts'

/** So many differences are told in the first line; all of them stand below it. */
const TOLD = 2

/**
 * How the nearest request misses the claim, to follow "expected POST /orders once, but".
 *
 * @example
 * missOf(nearest) // "in #3 body /items/0/sku is 'A2', expected 'A1'"
 */
export function missOf ({ logged: { entry }, verdicts }: NearRequest): string {
  const failed = verdicts.filter(({ holds }) => !holds)
  const method = failed.find(({ part }) => part === 'method')
  const path = failed.find(({ part }) => part === 'path')
  const others = failed.filter(verdict => verdict !== method && verdict !== path)
  const line = requestLine(entry)
  if (path !== undefined) return `${line} came instead: ${[path.message, ...tell(others, TOLD - 1)].join(', and ')}`
  if (method !== undefined) return `it came as ${line}${others.length === 0 ? '' : `, and ${tell(others).join(', and ')}`}`
  return `in #${entry.seq} ${tell(others).join(', and ')}`
}

function tell (verdicts: readonly Verdict[], most = TOLD): string[] {
  const told = verdicts.slice(0, most).map(messageOf)
  const more = verdicts.length - told.length
  return more === 0 ? told : [...told, `${more} more ${more === 1 ? 'thing differs' : 'things differ'}`]
}

/** What joins others says little by itself: the nearest of them is what was most likely meant. */
function messageOf ({ message, parts, part }: Verdict): string {
  const failed = (parts ?? []).filter(({ holds }) => !holds).sort((a, b) => a.distance - b.distance)
  const [nearest] = failed
  return nearest === undefined || part === 'not' ? message : messageOf(nearest)
}

export const requestLine = ({ request: { method, path } }: LogEntry): string => `${method} ${path}`

/** `#1, #4 and 3 more` */
export function seqList (entries: readonly LogEntry[], most = 5): string {
  const told = entries.slice(0, most).map(({ seq }) => `#${seq}`)
  if (entries.length > most) return `${told.join(', ')} and ${entries.length - most} more`
  return told.length < 2 ? told.join('') : `${told.slice(0, -1).join(', ')} and ${told.at(-1)}`
}
