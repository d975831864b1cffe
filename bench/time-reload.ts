import Fastify from 'fastify'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import type { Config, Endpoint } from '../lib/config.ts'
import mockPlugin from '../plugins/mock.ts'
import { answerQuestions } from './answer-questions.ts'

/** Times reloads of so many endpoints, and bare Fastify making as many routes: `node --expose-gc time-reload.js 1000`. */
const count = Number(process.argv[2])

export interface Timing {
  milliseconds: number
  /** How long the event loop was held at once, at most, in milliseconds. */
  stall: number
}

/** What changes from one reload to the next. */
export type Change = 'every schema' | 'one endpoint' | 'one endpoint, from a file'

const folder = await mkdtemp(join(tmpdir(), 'mock-bench-'))
const file = join(folder, 'mock.json')
process.once('exit', () => { rm(folder, { recursive: true, force: true }).catch(() => {}) })

const app = Fastify()
await app.register(mockPlugin, configOf(0, 0))
await app.ready()
let version = 0

answerQuestions({
  bare: () => timed(async () => {
    const bare = Fastify()
    for (let i = 0; i < count; i++) bare.post(pathOf(i), (_request, reply) => { reply.send({}) })
    await bare.ready()
    return () => bare.close()
  }),
  async reload (change: Change): Promise<Timing> {
    version++
    const next = change === 'every schema' ? configOf(version, version) : configOf(version, 0)
    const config = change.endsWith('file') ? { include: [file] } : next
    if (change.endsWith('file')) await writeFile(file, JSON.stringify(next))
    const timing = await timed(async () => {
      await app.mock.reload(config)
      return async () => {}
    })
    await assertServed()
    return timing
  }
})

async function timed (work: () => Promise<() => Promise<unknown>>): Promise<Timing> {
  global.gc?.()
  await delay(20)
  const histogram = monitorEventLoopDelay({ resolution: 1 })
  histogram.enable()
  await delay(5)
  const start = performance.now()
  const after = await work()
  const milliseconds = performance.now() - start
  await delay(5) // lets a stall at the very end be seen
  histogram.disable()
  await after()
  return { milliseconds, stall: histogram.max / 1e6 }
}

async function assertServed (): Promise<void> {
  const answer = await app.inject({ method: 'POST', url: pathOf(0), payload: { [`field_0_${0}`]: 1 } })
  if (!answer.payload.includes(`"version":${version}`)) throw new Error(`reload ${version} is not served: ${answer.payload}`)
}

/** The first endpoint changes with each version; the others with their schemas. */
function configOf (version: number, schemas: number): Config {
  return { endpoints: Array.from({ length: count }, (_, i) => endpointOf(i, i === 0 ? version : schemas, i === 0 ? 0 : schemas)) }
}

function endpointOf (i: number, version: number, schemas: number): Endpoint {
  return {
    path: pathOf(i),
    method: 'POST',
    schema: {
      body: {
        type: 'object',
        properties: {
          [`field_${i}_${schemas}`]: { type: 'integer', minimum: schemas },
          name: { type: 'string', minLength: 1, maxLength: 80 },
          email: { type: 'string', format: 'email' },
          tags: { type: 'array', items: { type: 'string' }, maxItems: 20 },
          address: { type: 'object', properties: { street: { type: 'string' }, city: { type: 'string' } } }
        }
      }
    },
    response: { version, id: i, name: 'A name', active: true }
  }
}

function pathOf (i: number): string {
  return `/area-${i % 20}/resource-${i}`
}
