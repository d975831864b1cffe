import type { FastifyError } from '@fastify/error'
import { formatDiagnostic, type Diagnostic } from '../diagnostic.ts'
import { MOCK_ERR_CONFIG_INVALID } from '../errors.ts'

/** How many diagnostics the message spells out; the rest is counted. */
const IN_MESSAGE = 5

/** MOCK_ERR_CONFIG_INVALID with everything that was found, errors first. */
export interface ConfigInvalidError extends FastifyError {
  diagnostics: readonly Diagnostic[]
  /** Absolute paths of the files that were read or looked for: when one of them changes, it is worth another try. */
  files?: readonly string[]
}

/**
 * The error for a configuration that cannot be served.
 *
 * @example
 * throw configInvalid([{ severity: 'error', code: 'unknown-key', message: "unknown key 'stauts'", pointer: '/stauts' }])
 */
export function configInvalid (diagnostics: readonly Diagnostic[], cause?: unknown): ConfigInvalidError {
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  const sorted = [...errors, ...diagnostics.filter(({ severity }) => severity !== 'error')]
  const lines = errors.slice(0, IN_MESSAGE).map(formatDiagnostic)
  if (errors.length > IN_MESSAGE) lines.push(`and ${errors.length - IN_MESSAGE} more`)
  const message = `The configuration is not valid:\n  ${lines.join('\n  ')}`
  const error = cause === undefined ? new MOCK_ERR_CONFIG_INVALID(message) : new MOCK_ERR_CONFIG_INVALID(message, { cause })
  return Object.assign(error, { diagnostics: sorted })
}

export function isConfigInvalid (error: unknown): error is ConfigInvalidError {
  return error instanceof MOCK_ERR_CONFIG_INVALID && 'diagnostics' in error
}
