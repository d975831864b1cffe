import Fastify from 'fastify'
import mockPlugin from '../plugins/mock.ts'
import { answerQuestions } from './answer-questions.ts'
import { scenario } from './scenarios.ts'

/** Serves the endpoint of the scenario `static`, with so many scopes alive: `node scope-server.js 100`. */
const alive = Number(process.argv[2])

const app = Fastify()
await app.register(mockPlugin, { ...scenario('static').config, scopes: { max: alive + 10, ttl_ms: 0 } })
const url = await app.listen({ host: '127.0.0.1', port: 0 })
const scopes = await Promise.all(Array.from({ length: alive }, () => app.mock.scopes.create({ endpoints: { path: '/other', response: {} } })))

/** Scopes per second that were created and disposed of. */
export interface ScopeSpeed {
  /** At once. */
  bare: number
  /** With an endpoint put in front, and a request that it answered. */
  used: number
}

async function perSecond (milliseconds: number, act: () => Promise<void>): Promise<number> {
  const start = performance.now()
  let count = 0
  for (; performance.now() - start < milliseconds; count++) await act()
  return count * 1000 / (performance.now() - start)
}

answerQuestions({
  url: () => url,
  paths: () => scopes.map(scope => scope.url('')),
  turnover: async (milliseconds: number): Promise<ScopeSpeed> => ({
    bare: await perSecond(milliseconds, async () => {
      const scope = await app.mock.scopes.create()
      await scope.dispose()
    }),
    used: await perSecond(milliseconds, async () => {
      const scope = await app.mock.scopes.create()
      await scope.use({ path: '/product', response: { own: true } })
      const answer = await app.inject({ url: '/product', headers: scope.headers })
      if (answer.body !== '{"own":true}') throw new Error(`unexpected answer: ${answer.body}`)
      await scope.dispose()
    })
  })
})
