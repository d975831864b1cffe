import { shortPath } from '../diagnostics.ts'
import { name, version } from '../package-info.ts'
import { printable, type Paint } from '../paint.ts'
import { plural } from '../plural.ts'
import type { RouteInfo } from '../../lib/mock.ts'
import type { Listening } from './report.ts'

/** So many routes fit above the fold. */
const SHOWN = 8

/** What a person wants to see first: where it is, how to change it, and requests to try. */
export function banner (listening: Listening, { paint, cwd }: { paint: Paint, cwd: string }): string {
  const { url, control, madeToken, routes, files, isDemo, watching } = listening
  const served = routes.filter(({ enabled }) => enabled)
  const line = (label: string, text: string) => `  ${paint('dim', label.padEnd(8))} ${text}`
  const lines = [
    `${paint('bold', name)} ${version}`,
    '',
    line('mock', paint('cyan', url)),
    line('control', control === undefined ? 'off' : `${paint('cyan', `${control}/docs`)}`)
  ]
  if (madeToken !== undefined) lines.push(line('token', `${paint('bold', madeToken)} (made for this run: others can reach this address)`))
  if (isDemo) lines.push(line('files', 'the demo, as there is no mock.json or mock.yaml here'))
  else if (files.length > 0) lines.push(line('files', fileList(files, cwd) + (watching ? paint('dim', ', reloaded when they change') : '')))
  lines.push(line('serves', plural(served.length, 'endpoint')), '')
  lines.push(...served.slice(0, SHOWN).map(route => `  ${sample(route, url, paint)}`))
  if (served.length > SHOWN) lines.push(`  ${paint('dim', `and ${served.length - SHOWN} more${control === undefined ? '' : `: ${control}/api/routes`}`)}`)
  return `${lines.join('\n')}\n`
}

/** A path alone can be clicked; other methods need a command. */
function sample ({ methods, sample }: RouteInfo, url: string, paint: Paint): string {
  const [method = 'GET'] = methods.includes('GET') ? ['GET'] : methods
  return `${paint('bold', printable(method).padEnd(6))} ${new URL(url).origin}${printable(sample)}`
}

function fileList (files: readonly string[], cwd: string): string {
  const [first = '', ...others] = files
  return printable(shortPath(first, cwd)) + (others.length === 0 ? '' : ` and ${others.length} more`)
}
