import { child } from '../json-pointer.ts'

/** Deeper values are refused: what walks them later (validation, templates, JSON.stringify) recurses. */
export const MAX_DEPTH = 200

/** How many values the aliases of a YAML document may stand for, all expanded. */
export const MAX_EXPANDED = 1_000_000

/** How much of the path to something too deep is worth telling. */
const TOLD_DEPTH = 8

/** What exceeds the bounds, and where. */
export interface Excess {
  reason: 'depth' | 'size'
  pointer: string
}

/**
 * Checks that a value can be walked safely: neither nested too deeply (which includes values that contain themselves) nor
 * of more than `maxNodes` values. Stops at the first excess.
 */
export function findExcess (value: unknown, maxNodes = Infinity): Excess | undefined {
  let nodes = 0
  let pointer = ''
  const visit = (node: object, depth: number): Excess['reason'] | undefined => {
    if (depth > MAX_DEPTH) return 'depth'
    const members: unknown[] = Object.values(node)
    nodes += members.length
    if (nodes > maxNodes) return 'size'
    for (let index = 0; index < members.length; index++) {
      const member = members[index]
      if (typeof member !== 'object' || member === null) continue
      const reason = visit(member, depth + 1)
      if (reason === undefined) continue
      if (depth <= TOLD_DEPTH) pointer = child('', Object.keys(node)[index] ?? '') + pointer
      return reason
    }
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const reason = visit(value, 1)
  return reason === undefined ? undefined : { reason, pointer }
}

/** Whether a JSON text nests deeper than the bound: a count of brackets, several times faster than walking the value. */
export function isTextTooDeep (text: string): boolean {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = endOfString(text, at)
    else if (code === BRACE || code === BRACKET) {
      if (++depth > MAX_DEPTH) return true
    } else if (code === BRACE + 2 || code === BRACKET + 2) depth--
  }
  return false
}

const QUOTE = 0x22
const BRACE = 0x7B
const BRACKET = 0x5B
const BACKSLASH = 0x5C

function endOfString (text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === BACKSLASH) at++
    else if (code === QUOTE) return at
  }
  return text.length
}

/** The same check of a configuration given in code, with pauses between its endpoints. */
export function * findExcessInConfig (value: unknown): Generator<void, Excess | undefined> {
  if (typeof value !== 'object' || value === null || !('endpoints' in value) || !Array.isArray(value.endpoints)) return findExcess(value)
  for (const [index, endpoint] of value.endpoints.entries()) {
    const excess = findExcess(endpoint)
    if (excess !== undefined) return { ...excess, pointer: `/endpoints/${index}${excess.pointer}` }
    yield
  }
  return findExcess({ ...value, endpoints: [] })
}
