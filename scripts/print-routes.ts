import Fastify, { type FastifyInstance } from 'fastify'
import type { RouteInfo } from '../lib/mock.ts'
import mockPlugin from '../plugins/mock.ts'
import { documentSettings, type DocumentFlags } from './commands/document-flags.ts'
import type { RoutesFlags } from './commands/routes.ts'
import { shortPath } from './diagnostics.ts'
import { chooseFiles } from './inputs.ts'
import { oncePerEndpoint } from './once-per-endpoint.ts'
import { createPaint, printable } from './paint.ts'

/**
 * Builds what `start` would serve, without listening.
 *
 * @throws Failure, or MOCK_ERR_CONFIG_INVALID
 */
export async function buildOffline (args: readonly string[], flags: DocumentFlags, cwd: string): Promise<FastifyInstance> {
  const { files, texts } = await chooseFiles(args, cwd)
  const app: FastifyInstance = Fastify({ pluginTimeout: 0 })
  try {
    await app.register(mockPlugin, { include: [...files], texts, cwd, env: process.env, ...documentSettings(flags, cwd) })
    await app.ready()
  } catch (error) {
    await app.close()
    throw error
  }
  return app
}

/** The command `routes`: a table for people, or a list of RouteInfo in JSON. */
export async function printRoutes (args: readonly string[], flags: RoutesFlags): Promise<void> {
  const cwd = process.cwd()
  const app = await buildOffline(args, flags, cwd)
  const routes = app.mock.routes()
  await app.close()
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify(routes, null, 2)}\n`)
    return
  }
  const paint = createPaint(process.stdout, process.env)
  const { first, also } = oncePerEndpoint(routes)
  const rows = (also === undefined ? routes : first).map(route => cells(route, cwd))
  const widths = [0, 1, 2].map(column => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  for (const [method = '', path = '', statuses = '', origin = ''] of rows) {
    const [methodWidth = 0, pathWidth = 0, statusWidth = 0] = widths
    process.stdout.write(`${paint('bold', method.padEnd(methodWidth))}  ${path.padEnd(pathWidth)}  ${statuses.padEnd(statusWidth)}  ${paint('dim', origin)}`.trimEnd() + '\n')
  }
  if (also !== undefined && also.length > 0) process.stdout.write(`${paint('dim', `all of them also below ${also.map(printable).join(', ')}`)}\n`)
}

function cells ({ methods, path, statuses, origin = '', enabled }: RouteInfo, cwd: string): string[] {
  return [methods.join(','), path, statuses.join(','), shortPath(origin, cwd) + (enabled ? '' : ' (disabled)')].map(printable)
}
