import { CommanderError, type Command } from 'commander'
import { EXIT } from './exit-codes.ts'

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
    process.exitCode = error instanceof CommanderError ? usageCode(error) : await tell(error, program)
  }
}

/** commander has printed what there is to say: help, version or the mistake. */
function usageCode (error: CommanderError): number {
  return error.exitCode === 0 ? EXIT.ok : EXIT.usage
}

export async function tell (error: unknown, program?: Command): Promise<number> {
  const { tellFailure } = await import('./tell-failure.ts')
  const levels: unknown[] = [process.env.MOCK_LOG_LEVEL, ...(program?.commands ?? []).map(command => command.opts().logLevel)]
  const withStack = levels.includes('debug') || levels.includes('trace')
  return tellFailure(error, { stderr: process.stderr, env: process.env, cwd: process.cwd(), withStack })
}
