import type { FastifyInstance } from 'fastify'
import type { StartFlags } from '../commands/start-flags.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { chooseFiles } from '../inputs.ts'
import { createPaint } from '../paint.ts'
import { tell } from '../run.ts'
import { createServer } from './create-server.ts'
import { drain, watchSignals } from './drain.ts'
import { createJsonReport } from './json-report.ts'
import { listen, type Address } from './listen.ts'
import { mockOptions } from './mock-options.ts'
import { createPrettyReport } from './pretty-report.ts'
import { createReadyFile } from './ready-file.ts'
import type { Listening } from './report.ts'

/**
 * Serves until it is told to stop, then ends the process: the command `start`.
 *
 * @throws Failure, or MOCK_ERR_CONFIG_INVALID, when it cannot start
 */
export async function start (args: readonly string[], flags: StartFlags): Promise<void> {
  const { env, stdout, stderr } = process
  const cwd = process.cwd()
  const { untilStopped } = watchSignals()
  const { files, texts, isDemo } = await chooseFiles(args, cwd, { demo: true })
  const readyFile = await createReadyFile(flags.readyFile)

  const watching = flags.watch ?? (stdout.isTTY === true && !isSet(env.CI))
  const { options, madeToken } = await mockOptions(files, { ...flags, watch: watching }, { cwd, env, texts })
  const out = flags.printUrl === true ? stderr : stdout
  const format = flags.logFormat ?? (stdout.isTTY === true ? 'pretty' : 'json')
  const write = (text: string) => out.write(text)
  const report = format === 'json' ? createJsonReport(write) : createPrettyReport(write, { paint: createPaint(out, env), cwd, tellsRequests: flags.quiet !== true && flags.maxLog !== 0 })

  const app = await createServer({ options, flags, format, report })
  const stopped = untilStopped()
  try {
    const address = await listen(app, flags.host, flags.port)
    const listening = describe(app, address, { host: flags.host, madeToken, isDemo, watching })
    await report.listening(listening)
    if (flags.printUrl === true) stdout.write(`${listening.url}\n`)
    await readyFile.write(listening.url)
  } catch (error) {
    await app.close()
    throw error
  }

  const end = async (code: ExitCode) => {
    await readyFile.remove()
    process.exit(code)
  }
  const crash = (error: unknown) => { tell(error, flags.logLevel).then(end).catch(() => process.exit(EXIT.internal)) }
  process.on('uncaughtException', crash)
  process.on('unhandledRejection', crash)

  report.stopping(await stopped)
  const isDrained = await drain(app)
  report.stopped(isDrained)
  await end(isDrained ? EXIT.ok : EXIT.io)
}

function describe ({ mock }: FastifyInstance, { origin, network, port }: Address, known: Pick<Listening, 'host' | 'madeToken' | 'isDemo' | 'watching'>): Listening {
  const url = origin + mock.prefix
  const { control = {} } = mock.config
  return {
    ...known,
    url,
    network: network.map(other => other + mock.prefix),
    port,
    control: control === false ? undefined : `${url}${control.path ?? '/__mock'}`,
    routes: mock.routes(),
    webhooks: Object.keys(mock.config.webhooks ?? {}).length,
    seed: mock.seed,
    isSeedDrawn: mock.config.seed === undefined,
    profile: mock.profiles.current,
    files: mock.files,
    warnings: mock.warnings
  }
}

const isSet = (variable: string | undefined): boolean => variable !== undefined && variable !== '' && variable !== 'false'
