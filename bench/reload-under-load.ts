import { Agent, request } from 'node:http'
import type { Config } from '../lib/config.ts'
import { startChild } from './child.ts'
import type { Heap } from './heap-server.ts'
import { atMost, type Part } from './part.ts'
import { mebibytes, number } from './statistics.ts'

const CONNECTIONS = 50
const ENDPOINTS = 100

/** Reloads without end while requests come in: none may be lost, and none may see anything but a whole valid configuration. */
const reloadUnderLoad: Part = async ({ quick, progress }) => {
  const reloads = quick ? 40 : 200
  progress(`reload under load: ${reloads} reloads, ${CONNECTIONS} connections`)
  const child = await startChild('heap-server', [JSON.stringify(configOf(0))], ['--expose-gc'])
  const url = await child.ask<string>('url')
  const clients = Array.from({ length: CONNECTIONS }, (_, i) => createClient(url, i))
  const heaps: number[] = []
  let refused = 0
  for (let version = 1; version <= reloads; version++) {
    // Every other one is refused: it is whole up to its last endpoint.
    const isTaken = await child.ask<boolean>('reload', version % 2 === 0 ? configOf(version) : { endpoints: [...configOf(version).endpoints ?? [], { path: 'no slash' }] })
    if (!isTaken) refused++
    if (version === reloads / 10 || version === reloads) heaps.push((await child.ask<Heap>('heap')).bytes)
  }
  const results = await Promise.all(clients.map(client => client.stop()))
  await child.stop()

  const sum = (key: 'answered' | 'lost' | 'torn') => results.reduce((total, result) => total + result[key], 0)
  const [early = NaN, late = NaN] = heaps
  return {
    title: 'Reload under load',
    text: [
      `${reloads} reloads of ${ENDPOINTS} endpoints, every other one of a configuration that is wrong in its last endpoint, while ${CONNECTIONS} connections ask for ` +
      'random endpoints. Lost: no answer, or none with status 200. Torn: an answer of a refused configuration, one whose body and header are of different configurations, or one ' +
      'older than what the same connection has seen.'
    ],
    tables: [{
      head: ['reloads', 'refused', 'requests', 'lost', 'torn', `heap after ${reloads / 10}`, `heap after ${reloads}`],
      rows: [[number(reloads), number(refused), number(sum('answered')), number(sum('lost')), number(sum('torn')), mebibytes(early), mebibytes(late)]]
    }],
    targets: [
      atMost(`requests lost or torn in ${reloads} reloads under load`, 0, sum('lost') + sum('torn'), '', 0),
      atMost(`heap growth from reload ${reloads / 10} to ${reloads}`, 2, (late - early) / 2 ** 20, ' MiB')
    ]
  }
}

function configOf (version: number): Config {
  return {
    endpoints: Array.from({ length: ENDPOINTS }, (_, i) => ({
      path: `/endpoint-${i}`,
      headers: { 'x-version': String(version) },
      schema: { querystring: { type: 'object', properties: { [`v${version}`]: { type: 'string' } } } },
      response: { version, path: '{{request.path}}' }
    }))
  }
}

/** One connection that asks again and again, and looks closely at what it gets. */
function createClient (url: string, number: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const result = { answered: 0, lost: 0, torn: 0 }
  let newest = 0
  const over = new AbortController()
  let asked = number

  const ask = () => new Promise<void>(resolve => {
    const lost = () => {
      result.lost++
      resolve()
    }
    request(`${url}/endpoint-${(asked += 7) % ENDPOINTS}`, { agent }, response => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', chunk => { body += chunk })
      response.on('error', lost)
      response.on('end', () => {
        result.answered++
        if (response.statusCode !== 200) return lost()
        const version = Number(response.headers['x-version'])
        if (version % 2 !== 0 || version < newest || !body.startsWith(`{"version":${version},`)) result.torn++
        newest = version
        resolve()
      })
    }).on('error', lost).end()
  })
  const run = (async () => {
    while (!over.signal.aborted) await ask()
    agent.destroy()
    return result
  })()
  return {
    stop () {
      over.abort()
      return run
    }
  }
}

export default reloadUnderLoad
