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
        const { error, message, details } = recordOf(first, second)
        // Listeners hear of a failed reload after it has been logged, and tell more of it.
        setImmediate(() => {
          if (error === undefined) report.notice(name, message, details)
          else if (!told.has(error)) report.notice(name, message, error.message === message ? details : { ...details, reason: error.message })
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

/** pino takes a message, an error, or an object with a message after it. Requests and responses say nothing to a reader. */
function recordOf (first: unknown, second: unknown): { error: Error | undefined, message: string, details: Record<string, unknown> } {
  const fields: Record<string, unknown> = first instanceof Error ? { err: first } : typeof first === 'object' ? { ...first } : {}
  const { err, req: _req, res: _res, ...details } = fields
  const error = err instanceof Error ? err : undefined
  const text = typeof first === 'string' ? first : second
  return { error, message: typeof text === 'string' ? text : error?.message ?? '', details }
}
