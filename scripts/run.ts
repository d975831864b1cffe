import { CommanderError, type Command } from 'commander'
import { EXIT, type ExitCode } from './exit-codes.ts'

/** Runs a command line and sets the exit code of the process. */
export async function run (program: Command, argv: readonly string[]): Promise<void> {
  // Whoever reads our output may stop reading: `mock-server routes | head -3`.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }
  try {
    await program.parseAsync(argv)
  } catch (error) {
    process.exitCode = error instanceof CommanderError ? usageCode(error) : await tell(error, levelOf(program))
  }
}

/** commander has printed what there is to say: help, version or the mistake. */
function usageCode (error: CommanderError): number {
  return error.exitCode === 0 ? EXIT.ok : EXIT.usage
}

/** The flag of `start`, which is the only command that has it. */
const levelOf = (program: Command): unknown => program.commands.find(command => command.name() === 'start')?.opts().logLevel

/** Says why it ended, with the stack for those who look for it; returns the exit code. */
export async function tell (error: unknown, logLevel: unknown): Promise<ExitCode> {
  const { tellFailure } = await import('./tell-failure.ts')
  const withStack = [logLevel, process.env.MOCK_LOG_LEVEL].some(level => level === 'debug' || level === 'trace')
  return tellFailure(error, { stderr: process.stderr, env: process.env, cwd: process.cwd(), withStack })
}
