import { shortPath } from '../diagnostics.ts'
import { name, version } from '../package-info.ts'
import { printable, type Paint } from '../paint.ts'
import { oncePerEndpoint } from '../once-per-endpoint.ts'
import { plural } from '../plural.ts'
import type { Listening } from './report.ts'
import { samplesOf } from './samples.ts'

/** What a person wants to see first: where it is, how to change it, and requests to try. */
export function banner (listening: Listening, { paint, cwd }: { paint: Paint, cwd: string }): string {
  const { url, network, control, madeToken, routes, webhooks, seed, isSeedDrawn, profile, files, isDemo, watching } = listening
  const { first: served, also = [] } = oncePerEndpoint(routes.filter(({ enabled }) => enabled))
  const line = (label: string, text: string) => `  ${paint('dim', label.padEnd(8))} ${text}`
  const lines = [
    `${paint('bold', name)} ${version}`,
    '',
    line('mock', paint('cyan', url)),
    ...network.map(other => line('network', paint('cyan', other))),
    line('control', control === undefined ? 'off' : `${paint('cyan', `${control}/docs`)}`)
  ]
  if (madeToken !== undefined) lines.push(line('token', `${paint('bold', madeToken)} (made for this run: others can reach this address)`))
  if (isDemo) lines.push(line('files', 'the demo, as there is no mock.json or mock.yaml here'))
  else if (files.length > 0) lines.push(line('files', fileList(files, cwd) + (watching ? paint('dim', ', reloaded when they change') : '')))
  if (profile !== undefined) lines.push(line('profile', printable(profile)))
  if (isSeedDrawn) lines.push(line('seed', `${seed}${paint('dim', `, drawn for this run: --seed ${seed} repeats it`)}`))
  lines.push(line('serves', `${plural(served.length, 'endpoint')}${also.length === 0 ? '' : paint('dim', `, also below ${also.map(printable).join(', ')}`)}`))
  if (webhooks > 0) lines.push(line('sends', `${plural(webhooks, 'webhook')}${control === undefined ? '' : paint('dim', ` on demand: ${control}/api/webhooks`)}`))
  lines.push('')
  const samples = samplesOf(url, served)
  lines.push(...samples.map(({ method, url }) => `  ${paint('bold', printable(method).padEnd(6))} ${printable(url)}`))
  if (served.length > samples.length) lines.push(`  ${paint('dim', `and ${served.length - samples.length} more${control === undefined ? '' : `: ${control}/api/routes`}`)}`)
  return `${lines.join('\n')}\n`
}

function fileList (files: readonly string[], cwd: string): string {
  const [first = '', ...others] = files
  return printable(shortPath(first, cwd)) + (others.length === 0 ? '' : ` and ${others.length} more`)
}
