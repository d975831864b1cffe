import { atLeast, type Part } from './part.ts'
import { interleave, ratios, type Contestant } from './rounds.ts'
import { median, number, spread } from './statistics.ts'

const CONTESTANTS: readonly Contestant[] = [
  { side: 'mock', scenario: '10' },
  { side: 'mock', scenario: '1000' },
  { side: 'mock', scenario: '10000' },
  { side: 'bare', scenario: '10' },
  { side: 'bare', scenario: '10000' }
]

/** Whether a request costs the same however many endpoints there are. */
const tableSize: Part = async ({ quick, progress }) => {
  const rounds = quick ? 3 : 9
  progress('table size: 10, 1,000 and 10,000 endpoints')
  const [results = []] = await interleave(CONTESTANTS, [{ rounds, milliseconds: quick ? 700 : 1500, pipelining: 1 }])
  const [few = [], , many = [], bare = []] = results
  return {
    title: 'Many endpoints',
    text: [
      `The same ten requests per turn, spread over the whole table, to servers of 10, 1,000 and 10,000 endpoints, loaded in turn: ${rounds} rounds, 20 connections, ` +
      'one request at a time on each. Bare Fastify beside it, with its own ratio to ten routes: a larger heap costs every server something.'
    ],
    tables: [{
      head: ['server', 'endpoints', 'req/s', 'ratio to 10 (quartiles)', 'µs CPU', 'CPU ratio (quartiles)'],
      rows: results.map((result, i) => {
        const { side = 'mock', scenario } = CONTESTANTS[i] ?? {}
        const base = side === 'mock' ? few : bare
        return [
          side,
          number(Number(scenario)),
          number(median(result.map(({ throughput }) => throughput))),
          spread(ratios(result, base, 'throughput')),
          number(median(result.map(({ cpu }) => cpu)), 1),
          spread(ratios(base, result, 'cpu'))
        ]
      })
    }],
    targets: [atLeast('throughput of 10,000 endpoints against that of 10', 0.95, median(ratios(many, few, 'throughput')))]
  }
}

export default tableSize
