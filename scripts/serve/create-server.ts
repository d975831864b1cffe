import Fastify, { LogController, type FastifyInstance, type FastifyServerOptions } from 'fastify'
import mockPlugin, { type MockPluginOptions } from '../../plugins/mock.ts'
import type { StartFlags } from '../commands/start-flags.ts'
import { allowAllOrigins } from './cors.ts'
import { createNoticeLogger } from './logger.ts'
import type { Report } from './report.ts'

export interface ServerOptions {
  options: MockPluginOptions
  flags: Pick<StartFlags, 'cors' | 'quiet' | 'logLevel' | 'logFormat' | 'printUrl'>
  format: 'pretty' | 'json'
  report: Report
}

/** A server with one mock server on it, ready to listen, whose reloads and requests are reported. */
export async function createServer ({ options, flags, format, report }: ServerOptions): Promise<FastifyInstance> {
  const told = new WeakSet<Error>()
  const { logLevel } = flags
  // What was asked for by level goes where machines expect it, in pino's own format.
  const log: FastifyServerOptions = format === 'json' && logLevel !== undefined
    ? { logger: { level: logLevel, stream: flags.printUrl === true ? process.stderr : process.stdout } }
    : { loggerInstance: createNoticeLogger(logLevel ?? 'warn', report, told) }
  // Ten thousand endpoints may take a slow machine more than Fastify's ten seconds.
  const app = Fastify({ ...log, pluginTimeout: 0, logController: new LogController({ disableRequestLogging: true }) })
  try {
    if (flags.cors !== false) allowAllOrigins(app, options.prefix ?? '')
    await app.register(mockPlugin, options)
    await app.ready()
  } catch (error) {
    await app.close()
    throw error
  }
  app.mock.onReload(event => {
    if (!event.ok) told.add(event.error)
    // A report that cannot be made is no reason to stop serving.
    Promise.resolve(event.ok ? report.reloaded(event.result) : report.reloadFailed(event.error)).catch((error: unknown) => app.log.error({ err: error }, 'a reload could not be reported'))
  })
  if (wantsRequests(flags, format)) app.mock.requests.subscribe(report.request)
  return app
}

/** Machines get a line for each request when they ask for it, people unless they do not want it. */
function wantsRequests ({ quiet, logFormat, logLevel = 'warn' }: ServerOptions['flags'], format: 'pretty' | 'json'): boolean {
  if (quiet === true) return false
  return format === 'pretty' || logFormat === 'json' || ['info', 'debug', 'trace'].includes(logLevel)
}
