import { isConfigInvalid } from '../lib/config/invalid.ts'
import { MOCK_ERR_PERSIST_LOCKED, MOCK_ERR_PERSIST_UNREADABLE } from '../lib/errors.ts'
import { countDiagnostics, formatDiagnostics } from './diagnostics.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { Failure } from './failure.ts'
import { createPaint, printable } from './paint.ts'
import { fileFailure } from './system-error.ts'

export interface TellOptions {
  stderr: NodeJS.WriteStream
  env: NodeJS.ProcessEnv
  cwd: string
  /** With the stack: for those who asked for `--log-level debug`. */
  withStack: boolean
}

/** Says on stderr why a command ended: what is wrong and what to do about it, without a stack. Returns the exit code. */
export async function tellFailure (error: unknown, { stderr, env, cwd, withStack }: TellOptions): Promise<ExitCode> {
  const paint = createPaint(stderr, env)
  const say = (line: string) => stderr.write(`${line}\n`)
  if (withStack) say(error instanceof Error ? stackOf(error) : String(error))

  if (isConfigInvalid(error)) {
    say(await formatDiagnostics(error.diagnostics, { paint, cwd }))
    say(paint('bold', countDiagnostics(error.diagnostics)))
    return EXIT.config
  }
  const failure = error instanceof Failure ? error : stateFailure(error) ?? fileFailure(error, pathOf(error)) ?? unexpected(error)
  say(`${paint('red', 'error:')} ${printable(failure.message)}`)
  if (failure.remedy !== undefined) say(`       ${paint('cyan', printable(failure.remedy))}`)
  return failure.exitCode
}

function pathOf (error: unknown): string {
  return error instanceof Error && 'path' in error && typeof error.path === 'string' ? `'${error.path}'` : 'a file'
}

/** The folder that state is kept in, which another server has, or which cannot be read. */
function stateFailure (error: unknown): Failure | undefined {
  if (!(error instanceof MOCK_ERR_PERSIST_LOCKED || error instanceof MOCK_ERR_PERSIST_UNREADABLE)) return undefined
  return new Failure(EXIT.io, error.message, 'docs/collections.md says what is kept there', { cause: error })
}

function unexpected (error: unknown): Failure {
  const message = error instanceof Error ? `${error.name}: ${error.message.split('\n', 1)[0]}` : String(error)
  return new Failure(EXIT.internal, `something unexpected happened: ${message}`, 'please report it, with what is printed when MOCK_LOG_LEVEL=debug is set')
}

function stackOf (error: Error): string {
  const stack = error.stack ?? String(error)
  return error.cause instanceof Error ? `${stack}\ncaused by ${stackOf(error.cause)}` : stack
}
