import Fastify from 'fastify'
import mockPlugin from '../plugins/mock.ts'
import type { Config } from '../lib/config.ts'
import { answerQuestions } from './answer-questions.ts'

/** A server that tells its heap, and reloads when told: `node --expose-gc heap-server.js '<config>'`. */
const app = Fastify()
const config: Config = JSON.parse(process.argv[2] ?? '{}')
await app.register(mockPlugin, config)
const url = await app.listen({ host: '127.0.0.1', port: 0 })

export interface Heap {
  /** Bytes that live, after garbage collection: of V8's heap, and of Buffers. */
  bytes: number
}

answerQuestions({
  url: () => url,
  async heap (): Promise<Heap> {
    // Finalizers and closing sockets need a turn between.
    for (let i = 0; i < 3; i++) {
      global.gc?.()
      await new Promise(resolve => setTimeout(resolve, 50))
    }
    const { heapUsed, external } = process.memoryUsage()
    return { bytes: heapUsed + external }
  },
  logged: () => {
    const [last] = app.mock.requests.find({ order: 'desc', limit: 1 })
    return { kept: app.mock.requests.count(), seq: last?.seq ?? 0 }
  },
  clear: () => { app.mock.requests.clear() },
  /** Whether the configuration was taken. */
  reload: (config: Config) => app.mock.reload(config).then(() => true, () => false)
})
