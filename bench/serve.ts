import Fastify from 'fastify'
import mockPlugin from '../plugins/mock.ts'
import { answerQuestions } from './answer-questions.ts'
import { scenario } from './scenarios.ts'

/** Serves one side of a scenario: `node serve.js bare static`. */
const [side, name = ''] = process.argv.slice(2)
const { config, bare } = scenario(name)

const app = Fastify({ pluginTimeout: 0 })
if (side === 'mock') await app.register(mockPlugin, config)
else bare(app)
const url = await app.listen({ host: '127.0.0.1', port: 0 })

let cpu = process.cpuUsage()
let loop = performance.eventLoopUtilization()

/** What this process has used since it was last asked. */
export interface Usage {
  cpuMicroseconds: number
  /** Share of the time that the event loop was not waiting. */
  utilization: number
}

answerQuestions({
  url: () => url,
  usage (): Usage {
    const { user, system } = process.cpuUsage(cpu)
    const { utilization } = performance.eventLoopUtilization(loop)
    cpu = process.cpuUsage()
    loop = performance.eventLoopUtilization()
    return { cpuMicroseconds: user + system, utilization }
  }
})
