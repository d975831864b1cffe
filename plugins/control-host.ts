import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import type { ControlOptions } from '../lib/config.ts'
import type { Mock } from '../lib/mock.ts'
import { handOver } from './dispatch.ts'
import { hostRequestOf } from './request-view.ts'

/** Mock control as the host sees it: which of its URLs belong to it, and who answers them. */
export interface ControlHost {
  urls: readonly string[]
  handler: (request: FastifyRequest, reply: FastifyReply) => Promise<void>
}

/**
 * Puts mock control on an inner instance of its own, apart from the host's plugins and from what is mocked. It is built when it
 * is first asked for: most test runs never do.
 */
export function createControl (fastify: FastifyInstance, mock: Mock): ControlHost | undefined {
  const { control = {} } = mock.config
  if (control === false) return undefined
  const path = control.path ?? '/__mock'
  const access = createAccess(control)
  let app: Promise<FastifyInstance> | undefined

  // What is reachable from elsewhere is not open to everyone: see docs/control-api.md.
  fastify.addHook('onListen', async () => {
    const isOpen = fastify.addresses().some(address => !isLoopback(address))
    if (!isOpen || access.token() !== undefined) return
    const token = access.make()
    fastify.log.warn({ token }, 'mock control is reachable from other machines and needs this token')
  })
  fastify.addHook('preClose', async () => { await app?.then(app => app.close()) })

  const build = async () => {
    const { default: controlPlugin } = await import('./control.ts')
    const app: FastifyInstance = Fastify({
      logger: false,
      genReqId: raw => hostRequestOf(raw)?.id ?? 'unknown',
      forceCloseConnections: false,
      routerOptions: { maxParamLength: 16_384 }
    })
    app.register(controlPlugin, { mock, path, prefix: mock.prefix, token: access.token })
    await app.ready()
    return app
  }
  return {
    urls: [path, `${path}/*`, '/__reload', '/__logs', '/__logs/*'],
    handler: async (request, reply) => {
      app ??= build()
      handOver(request, reply, await app)
    }
  }
}

function createAccess (control: ControlOptions) {
  let made: string | undefined
  return {
    token: () => control.token ?? made,
    make () {
      made = randomBytes(18).toString('base64url')
      return made
    }
  }
}

/** A Unix socket, told as a text, is as local as it gets. */
const isLoopback = (bound: string | AddressInfo): boolean =>
  typeof bound === 'string' || /^(127\.|::1$|::ffff:127\.)/.test(bound.address)
