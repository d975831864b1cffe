import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import { setTimeout } from 'node:timers/promises'
import mockPlugin, { type MockPluginOptions } from '../plugins/mock.ts'

/** What both tap and a benchmark have: a way to run something at the end. */
interface Teardown {
  teardown: (callback: () => unknown) => void
}

/**
 * A Fastify application with one mock server, closed when the test ends.
 *
 * @example
 * const app = await build(t, { endpoints: [{ path: '/', response: 'hi' }] })
 * const answer = await app.inject('/')
 */
export async function build (t: Teardown, options: MockPluginOptions = {}, host: FastifyServerOptions = {}): Promise<FastifyInstance> {
  const app = Fastify(host)
  t.teardown(() => app.close())
  await app.register(mockPlugin, options)
  await app.ready()
  return app
}

/** The same, listening on a free port of the loopback interface; the address is a URL without a slash at its end. */
export async function listen (t: Teardown, options: MockPluginOptions = {}, host: FastifyServerOptions = {}): Promise<{ app: FastifyInstance, url: string }> {
  const app = await build(t, options, host)
  return { app, url: await app.listen({ host: '127.0.0.1', port: 0 }) }
}

/** Waits until a condition holds; the test's own time-out is the bound. */
export async function until (condition: () => boolean): Promise<void> {
  while (!condition()) await setTimeout(5)
}
