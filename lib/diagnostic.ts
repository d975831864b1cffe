/**
 * One thing that is wrong, or doubtful, in what a user wrote: where it is, what was expected, and the remedy.
 *
 * @example
 * { severity: 'error', code: 'unknown-key', message: "unknown key 'stauts'", hint: "did you mean 'status'?",
 *   pointer: '/endpoints/3/stauts', file: '/mocks/users.yaml', line: 12, column: 5 }
 */
export interface Diagnostic {
  severity: 'error' | 'warning'
  /** Stable and machine-readable, in kebab-case: `unknown-key`, `wrong-type`, `duplicate-endpoint`, `bad-template` … */
  code: string
  /** What was found and what was expected, one line, without the place. */
  message: string
  /** The remedy, one line. */
  hint?: string
  /** JSON pointer (RFC 6901) into the file, or into the configuration given in code. */
  pointer: string
  /** Absolute path; absent for a configuration given in code. */
  file?: string
  /** From 1. */
  line?: number
  /** From 1. */
  column?: number
}

/** `mocks/users.yaml:12:5 error /endpoints/3/stauts: unknown key 'stauts'. Did you mean 'status'?` */
export function formatDiagnostic (diagnostic: Diagnostic): string {
  const { file, line, column, severity, pointer, message, hint } = diagnostic
  const place = file === undefined ? '' : `${file}${line === undefined ? '' : `:${line}:${column ?? 1}`} `
  const remedy = hint === undefined ? '' : `; ${hint}`
  return `${place}${severity} ${pointer === '' ? '' : `${pointer}: `}${message}${remedy}`
}
