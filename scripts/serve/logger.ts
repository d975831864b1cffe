import type { FastifyBaseLogger } from 'fastify'
import { LOG_LEVELS, type LogLevel } from '../commands/start-flags.ts'
import type { Report } from './report.ts'

/**
 * The server's log as notices of a report. It costs requests nothing: all of them share the one logger.
 *
 * @param told errors that the report knows already, from the listeners to reloads
 */
export function createNoticeLogger (level: LogLevel, report: Report, told: WeakSet<Error>): FastifyBaseLogger & { bindings: () => object } {
  const threshold = LOG_LEVELS.indexOf(level)
  const at = (name: LogLevel) => LOG_LEVELS.indexOf(name) > threshold
    ? () => {}
    : (first: unknown, second?: unknown) => {
        const { err, req: _req, res: _res, ...details } = typeof first === 'object' && first !== null ? { err: undefined, req: undefined, res: undefined, ...first } : { err: first instanceof Error ? first : undefined, req: undefined, res: undefined }
        const message = typeof second === 'string' ? second : typeof first === 'string' ? first : err instanceof Error ? err.message : ''
        // Listeners hear of a failed reload after it has been logged, and tell more of it.
        setImmediate(() => {
          if (err instanceof Error && told.has(err)) return
          report.notice(name, message, err instanceof Error && err.message !== message ? { ...details, reason: err.message } : details)
        })
      }
  const logger = {
    level,
    silent: () => {},
    fatal: at('fatal'),
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
    trace: at('trace'),
    bindings: () => ({}),
    child: () => logger
  }
  return logger
}
