import fp from 'fastify-plugin'
import type { FastifyInstance, LogLevel, RegisterOptions } from 'fastify'
import type { TimeSource } from '../lib/clock.ts'
import type { Config } from '../lib/config.ts'
import { MOCK_ERR_PREFIX_INVALID, MOCK_ERR_PREFIX_TAKEN } from '../lib/errors.ts'
import type { Mock } from '../lib/mock.ts'
import type { TemplateHelper } from '../lib/template/helper.ts'
import { createControl } from './control-host.ts'
import { routeAll, supportAllMethods } from './dispatch.ts'
import { createMock } from './mock-decorator.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** The mock server of this context; with several in one context, the first. */
    mock: Mock
    /** All mock servers of this context, by prefix. */
    mocks: Map<string, Mock>
  }
}

/** The configuration itself, and what can only be said in code. */
export interface MockPluginOptions extends Config {
  /** Where the endpoints are mounted: `/api`. Mock control is mounted there as well. */
  prefix?: string
  /** Fastify's own, for the plugin's routes. */
  logLevel?: LogLevel
  /** Fastify's own. */
  logSerializers?: RegisterOptions['logSerializers']
  /** Folder that `include` and `file` are relative to. Default: the working directory. */
  cwd?: string
  /** What `${NAME}` in configuration files stands for. Default: nothing. */
  env?: Readonly<Record<string, string | undefined>>
  /** Texts by the names that `include` has for them: configurations and OpenAPI documents that are in no file. */
  texts?: Readonly<Record<string, string>>
  /** Template helpers of your own. */
  helpers?: Readonly<Record<string, TemplateHelper>>
  /** What time it is for everything that goes by it, instead of the system's clock; `mock.clock` goes on from it. */
  clock?: TimeSource
  /** Reload when a file of the configuration changes. Default: false. */
  watch?: boolean
  /**
   * Make validators and generated answers in the background, while nobody is being answered, instead of when the first request needs
   * them: for servers that run on. Default: false.
   */
  warm?: boolean
  /** How long requests in flight may take to end when their generation is replaced, in milliseconds. Default: 10000. */
  drain_timeout_ms?: number
}

/**
 * Serves mocked endpoints from a Fastify application.
 *
 * @example
 * await fastify.register(mockPlugin, { endpoints: [{ path: '/users/:id', response: { id: '{{request.params.id}}' } }] })
 * await fastify.mock.reload({ endpoints: [] })
 */
const mockPlugin = fp<MockPluginOptions>(async (fastify, options) => {
  const prefix = prefixOf(options)
  const { mock, live } = await createMock(fastify, prefix, options)
  decorate(fastify, mock)
  supportAllMethods(fastify)

  const toControl = createControl(fastify, mock)
  if (toControl !== undefined) {
    fastify.register(async scope => routeAll(scope, toControl.urls, toControl.handler), { prefix })
  }

  /** What is being built when a request comes may be older than an edit that was made before it: then one more is waited for. */
  const settled = async () => {
    await live.settle()
    if (live.isDue) await live.settle()
  }
  fastify.register(async scope => {
    routeAll(scope, prefix === '' ? ['/*'] : ['', '/*'], (request, reply) =>
      live.isDue ? settled().then(() => live.serve(request, reply)) : live.serve(request, reply))
  }, { prefix })

  fastify.addHook('onClose', () => live.close())
}, { name: 'fastify-mock-server', fastify: '5.x' })

/** The prefix without a slash at its end. */
function prefixOf ({ prefix = '' }: MockPluginOptions): string {
  const path = String(prefix).replace(/\/+$/, '')
  if (path !== '' && !/^(\/[^/:*?#]+)+$/.test(path)) throw new MOCK_ERR_PREFIX_INVALID(prefix)
  return path
}

function decorate (fastify: FastifyInstance, mock: Mock): void {
  if (!Object.hasOwn(fastify, 'mocks')) fastify.decorate('mocks', new Map<string, Mock>())
  if (fastify.mocks.has(mock.prefix)) throw new MOCK_ERR_PREFIX_TAKEN(mock.prefix)
  fastify.mocks.set(mock.prefix, mock)
  if (!Object.hasOwn(fastify, 'mock')) fastify.decorate('mock', mock)
}

export default mockPlugin
