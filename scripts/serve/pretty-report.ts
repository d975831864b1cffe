import { isConfigInvalid } from '../../lib/config/invalid.ts'
import type { Diagnostic } from '../../lib/diagnostic.ts'
import type { ReloadResult } from '../../lib/mock.ts'
import { formatDiagnostics } from '../diagnostics.ts'
import { printable, type Paint } from '../paint.ts'
import { banner } from './banner.ts'
import type { Report } from './report.ts'
import { requestLine } from './request-line.ts'
import { toJson } from './to-json.ts'

export interface PrettyOptions {
  paint: Paint
  cwd: string
  /** Whether there is a line for each request. */
  tellsRequests: boolean
}

/** Lines for people. */
export function createPrettyReport (write: (text: string) => void, { paint, cwd, tellsRequests }: PrettyOptions): Report {
  // Under load many requests end in one turn of the event loop: one write for all of them.
  let requests: string[] = []
  const flush = () => {
    if (requests.length > 0) write(requests.join(''))
    requests = []
  }
  const say = (text: string) => {
    flush()
    write(`${text}\n`)
  }
  const sayWarnings = async (warnings: readonly Diagnostic[]) => {
    if (warnings.length > 0) say(await formatDiagnostics(warnings, { paint, cwd }))
  }

  return {
    async listening (listening) {
      say(banner(listening, { paint, cwd }))
      await sayWarnings(listening.warnings)
    },
    request (entry) {
      if (requests.length === 0) setImmediate(flush)
      requests.push(`${requestLine(entry, paint)}\n`)
    },
    async reloaded (result) {
      say(`${paint('green', 'reloaded:')} ${changesOf(result)} in ${Math.round(result.duration_ms)} ms`)
      await sayWarnings(result.warnings)
    },
    async reloadFailed (error) {
      const what = isConfigInvalid(error) ? await formatDiagnostics(error.diagnostics, { paint, cwd }) : `${paint('red', 'error:')} ${printable(error.message)}`
      say(`${what}\n${paint('yellow', 'not reloaded:')} still serving the last good config`)
    },
    notice (level, message, details) {
      // The line of the request tells what is wrong with it.
      if (tellsRequests && details.violations !== undefined) return
      const style = level === 'warn' ? 'yellow' : level === 'error' || level === 'fatal' ? 'red' : 'dim'
      const rest = Object.entries(details).map(([key, value]) => ` ${key}=${value instanceof Error ? value.message : inspect(value)}`).join('')
      say(`${paint(style, `${level}:`)} ${printable(message)}${paint('dim', printable(rest))}`)
    },
    stopping: signal => say(paint('dim', `${signal}: finishing the requests in flight; once more ends at once`)),
    stopped: drained => { if (!drained) say(paint('yellow', 'some requests took too long and were cut off')) }
  }
}

function changesOf ({ changed, added, removed }: ReloadResult): string {
  const parts = Object.entries({ changed, added, removed }).flatMap(([what, ids]) => ids.length === 0 ? [] : `${ids.length} ${what}`)
  return parts.length === 0 ? 'no endpoint changed' : parts.join(', ')
}

const inspect = (value: unknown): string => typeof value === 'string' ? value : toJson(value)
