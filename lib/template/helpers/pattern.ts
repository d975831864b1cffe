import { RE2JS } from 're2js'
import { messageOf } from '../../message-of.ts'
import { HelperFault } from '../error.ts'

// Patterns may come from requests, and texts do: RE2 takes linear time for any of them.
const compiled = new Map<string, RE2JS>()

/** A compiled pattern, remembered. */
export function patternOf (source: string): RE2JS {
  let pattern = compiled.get(source)
  if (pattern === undefined) {
    try {
      pattern = RE2JS.compile(source)
    } catch (error) {
      throw new HelperFault(`pattern '${source}': ${messageOf(error)}`, 'look-around and back-references are not supported')
    }
    if (compiled.size >= 500) compiled.clear()
    compiled.set(source, pattern)
  }
  return pattern
}
