import type { ExitCode } from './exit-codes.ts'

/**
 * Ends a command: one line that says what is wrong, one that says what to do about it, and the exit code.
 *
 * @example
 * throw new Failure(EXIT.portInUse, 'port 4000 is in use', 'use --port 0 for a free one')
 */
export class Failure extends Error {
  override name = 'Failure'
  readonly exitCode: ExitCode
  readonly remedy: string | undefined

  constructor (exitCode: ExitCode, message: string, remedy?: string, options?: ErrorOptions) {
    super(message, options)
    this.exitCode = exitCode
    this.remedy = remedy
  }
}
