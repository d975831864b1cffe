import { isTextTooDeep, MAX_DEPTH } from '../config/bounds.ts'
import { jsonProblem } from '../config/json-text.ts'

/** Shorter texts cannot be nested so deeply that it would hurt. */
const WORTH_COUNTING = 4096

/** Whether a JSON text is nested more deeply than what reads its value can bear. */
export const isTooDeep = (text: string): boolean => text.length > WORTH_COUNTING && isTextTooDeep(text)

/** Parses JSON that stands in something else (a part, a field, a line, a parameter), where it is bounded as a whole body is. */
export function parseInnerJson (text: string): unknown {
  if (isTooDeep(text)) throw new Error(TOO_DEEP)
  return JSON.parse(text)
}

const TOO_DEEP = `it is nested more than ${MAX_DEPTH} levels deep`

/**
 * What is wrong with a text that is no JSON, and where.
 *
 * @example
 * jsonFault('{"a": }') // 'line 1, column 7: expected a value, found `}`'
 */
export function jsonFault (text: string): string {
  if (isTooDeep(text)) return TOO_DEEP
  const problem = jsonProblem(text)
  // What is JSON and refused all the same would reach a prototype.
  return problem === undefined ? "a key '__proto__', or 'constructor' with a 'prototype' in it, is not taken" : `line ${problem.line}, column ${problem.column}: ${problem.message}`
}
