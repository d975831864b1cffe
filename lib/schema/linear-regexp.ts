import { RE2JS } from 're2js'
import { toRe2 } from './pattern-dialect.ts'

/**
 * A regular expression that takes time linear in its input, whatever the pattern: patterns come from documents that others
 * wrote, and one that backtracks for ever would stop the server. Look-around and back-references have no linear form; such a
 * pattern throws, and its schema is reported.
 */
export function linearRegExp (pattern: string): { test (text: string): boolean, toString (): string } {
  const compiled = RE2JS.compile(RE2JS.translateRegExp(toRe2(pattern)))
  // Ajv tells patterns apart by their text.
  return { test: text => compiled.matcher(text).find(), toString: () => pattern }
}
// Ajv writes this into generated code when it makes a module of it; we never do.
linearRegExp.code = 'new RegExp'
