import { atLeast, type Part } from './part.ts'
import { interleave, ratios } from './rounds.ts'
import { median, number, spread } from './statistics.ts'

const SIZES = ['10', '1000', '10000']

/** Whether a request costs the same however many endpoints there are. */
const tableSize: Part = async ({ quick, progress }) => {
  const rounds = quick ? 3 : 9
  progress(`table size: ${SIZES.join(', ')} endpoints`)
  const [results = []] = await interleave(
    SIZES.map(scenario => ({ side: 'mock', scenario })),
    [{ rounds, milliseconds: quick ? 700 : 2000, pipelining: 1 }]
  )
  const few = results[0] ?? []
  const many = results.at(-1) ?? []
  return {
    title: 'Many endpoints',
    text: [
      `The same ten requests per turn, spread over the whole table, to servers of 10, 1,000 and 10,000 endpoints, loaded in turn: ${rounds} rounds, 20 connections, one request at a time on each.`
    ],
    tables: [{
      head: ['endpoints', 'req/s', 'ratio to 10 (quartiles)', 'µs CPU', 'CPU ratio (quartiles)'],
      rows: results.map((result, i) => [
        number(Number(SIZES[i])),
        number(median(result.map(({ throughput }) => throughput))),
        spread(ratios(result, few, 'throughput')),
        number(median(result.map(({ cpu }) => cpu)), 1),
        spread(ratios(few, result, 'cpu'))
      ])
    }],
    targets: [atLeast('throughput of 10,000 endpoints against that of 10', 0.95, median(ratios(many, few, 'throughput')))]
  }
}

export default tableSize
