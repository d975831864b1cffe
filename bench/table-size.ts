import { atLeast, type Part } from './part.ts'
import { interleave, ratios, type Contestant } from './rounds.ts'
import { median, number, spread } from './statistics.ts'

interface TableOptions {
  title: string
  /** What the requests meet, for the report. */
  text: string
  /** Name of the scenario that takes a size. */
  scenario: string
  target: string
}

const SIZES = [10, 1000, 10_000]

/** Whether a request costs the same however many endpoints there are. */
export function tableSizePart ({ title, text, scenario, target }: TableOptions): Part {
  const contestants: Contestant[] = [
    ...SIZES.map((size): Contestant => ({ side: 'mock', scenario: `${scenario}:${size}` })),
    { side: 'bare', scenario: `${scenario}:10` },
    { side: 'bare', scenario: `${scenario}:10000` }
  ]
  return async ({ quick, progress }) => {
    const rounds = quick ? 3 : 9
    progress(`${title}: 10, 1,000 and 10,000`)
    const [results = []] = await interleave(contestants, [{ rounds, milliseconds: quick ? 700 : 1500, pipelining: 1 }])
    const [few = [], , many = [], bare = []] = results
    return {
      title,
      text: [
        `${text} The same ten requests per turn, spread over the whole table, to servers of 10, 1,000 and 10,000 endpoints, loaded in turn: ${rounds} rounds, 20 connections, ` +
        'one request at a time on each. Bare Fastify beside it, with its own ratio to ten routes: a larger heap costs every server something.'
      ],
      tables: [{
        head: ['server', 'endpoints', 'req/s', 'ratio to 10 (quartiles)', 'µs CPU', 'CPU ratio (quartiles)'],
        rows: results.map((result, i) => {
          const { side = 'mock', scenario = '' } = contestants[i] ?? {}
          const base = side === 'mock' ? few : bare
          return [
            side,
            number(Number(scenario.split(':')[1])),
            number(median(result.map(({ throughput }) => throughput))),
            spread(ratios(result, base, 'throughput')),
            number(median(result.map(({ cpu }) => cpu)), 1),
            spread(ratios(base, result, 'cpu'))
          ]
        })
      }],
      targets: [atLeast(target, 0.95, median(ratios(many, few, 'throughput')))]
    }
  }
}

export default tableSizePart({
  title: 'Many endpoints',
  text: 'Each endpoint answers the same object.',
  scenario: 'endpoints',
  target: 'throughput of 10,000 endpoints against that of 10'
})
