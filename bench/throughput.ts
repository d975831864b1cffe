import { isDeepStrictEqual } from 'node:util'
import { startChild } from './child.ts'
import type { LoadRequest } from './load.ts'
import { atLeast, type Part } from './part.ts'
import { interleave, ratios } from './rounds.ts'
import { scenario } from './scenarios.ts'
import { median, number, spread } from './statistics.ts'

const CASES = [
  { name: 'static', title: 'static JSON, 200 bytes', target: 0.9 },
  { name: 'templated', title: 'templated JSON, five values', target: 0.7 },
  { name: 'validated', title: 'POST, body of six properties validated', target: 0.85 }
]

/** Requests per second against a route of bare Fastify that answers the same. */
const throughput: Part = async ({ quick, progress }) => {
  const rounds = quick ? 3 : 9
  const milliseconds = quick ? 700 : 2000
  const rows: string[][] = []
  const targets = []
  for (const { name, title, target } of CASES) {
    progress(`throughput: ${title}`)
    await assertSameAnswer(name)
    const results = await interleave(
      [{ side: 'bare', scenario: name }, { side: 'mock', scenario: name }],
      [{ rounds, milliseconds, pipelining: 1 }, { rounds, milliseconds: milliseconds / 2, pipelining: 10 }]
    )
    for (const [i, [bare = [], mock = []]] of results.entries()) {
      const ratio = ratios(mock, bare, 'throughput')
      rows.push([
        title, i === 0 ? '1' : '10',
        number(median(bare.map(({ throughput }) => throughput))),
        number(median(mock.map(({ throughput }) => throughput))),
        spread(ratio),
        number(median(bare.map(({ cpu }) => cpu)), 1),
        number(median(mock.map(({ cpu }) => cpu)), 1),
        spread(ratios(bare, mock, 'cpu')),
        number(median(mock.map(({ utilization }) => utilization)), 2)
      ])
      if (i === 0) targets.push(atLeast(`throughput against bare Fastify: ${title}`, target, median(ratio)))
    }
  }
  return {
    title: 'Throughput against bare Fastify',
    text: [
      `Both servers run in processes of their own, loaded in turn over 20 connections on the loopback interface: ${rounds} rounds, ` +
      'the ratio taken within each round. The request log is on, as it is by default. The bare route returns the object that ' +
      'the mock is configured with; for templates it builds the object in code; for validation it has the same schema and ' +
      'Fastify\'s own Ajv.',
      'One request at a time on each connection is what real clients do. With ten pipelined, the sockets cost next to nothing and ' +
      'what is left is the servers\' own work: the harder comparison. CPU time per answer is the server process\'s own, which ' +
      'other processes on the machine hardly touch; its ratio is turned so that more is better, as with throughput.'
    ],
    tables: [{
      head: ['answer', 'pipelined', 'bare, req/s', 'mock, req/s', 'ratio (quartiles)', 'bare, µs CPU', 'mock, µs CPU', 'CPU ratio (quartiles)', 'event loop busy'],
      rows
    }],
    targets
  }
}

/** A comparison of servers that answer differently would be worth nothing. */
async function assertSameAnswer (name: string): Promise<void> {
  const [request] = scenario(name).requests
  if (request === undefined) return
  const answers = []
  for (const side of ['bare', 'mock']) {
    const child = await startChild('serve', [side, name])
    answers.push(await fetchOnce(await child.ask<string>('url'), request))
    await child.stop()
  }
  if (!isDeepStrictEqual(answers[0], answers[1])) throw new Error(`${name}: the answers differ: ${JSON.stringify(answers)}`)
}

async function fetchOnce (url: string, { method, path, headers = {}, body }: LoadRequest) {
  const answer = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body }) })
  return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.json() as unknown }
}

export default throughput
