import type { StartFlags } from '../commands/start-flags.ts'
import { chooseFiles } from '../inputs.ts'
import { createPaint } from '../paint.ts'
import { tell } from '../run.ts'
import { createServer } from './create-server.ts'
import { drain, untilStopped } from './drain.ts'
import { createJsonReport } from './json-report.ts'
import { listen } from './listen.ts'
import { mockOptions } from './mock-options.ts'
import { createPrettyReport } from './pretty-report.ts'
import { createReadyFile } from './ready-file.ts'

/**
 * Serves until it is told to stop, then ends the process: the command `start`.
 *
 * @throws Failure, or MOCK_ERR_CONFIG_INVALID, when it cannot start
 */
export async function start (args: readonly string[], flags: StartFlags): Promise<void> {
  const { env, stdout, stderr } = process
  const cwd = process.cwd()
  const stopped = untilStopped()
  const { files, isDemo } = await chooseFiles(args, cwd)
  const readyFile = await createReadyFile(flags.readyFile)

  const watching = flags.watch ?? (stdout.isTTY && !isSet(env.CI))
  const { options, madeToken } = await mockOptions(files, { ...flags, watch: watching }, { cwd, env })
  const out = flags.printUrl === true ? stderr : stdout
  const format = flags.logFormat ?? (stdout.isTTY ? 'pretty' : 'json')
  const write = (text: string) => out.write(text)
  const report = format === 'json' ? createJsonReport(write) : createPrettyReport(write, { paint: createPaint(out, env), cwd })

  const app = await createServer({ options, flags, format, report })
  const { mock } = app
  const { origin, port } = await listen(app, flags.host, flags.port)
  const url = origin + mock.prefix
  const { control = {} } = mock.config
  await report.listening({
    url,
    control: control === false ? undefined : `${url}${control.path ?? '/__mock'}`,
    madeToken,
    host: flags.host,
    port,
    routes: mock.routes(),
    files: mock.files,
    isDemo,
    watching,
    warnings: mock.warnings
  })
  if (flags.printUrl === true) stdout.write(`${url}\n`)
  await readyFile.write(url)

  const end = async (code: number) => {
    await readyFile.remove()
    process.exit(code)
  }
  const crash = (error: unknown) => { tell(error).then(end).catch(() => process.exit(70)) }
  process.on('uncaughtException', crash)
  process.on('unhandledRejection', crash)

  report.stopping(await stopped)
  const drained = await drain(app)
  report.stopped(drained)
  await end(drained ? 0 : 4)
}

const isSet = (variable: string | undefined): boolean => variable !== undefined && variable !== '' && variable !== 'false'
