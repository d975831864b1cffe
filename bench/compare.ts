import { atLeast, type Table, type Target } from './part.ts'
import { interleave, ratios } from './rounds.ts'
import { assertSameAnswer } from './same-answer.ts'
import { median, number, spread } from './statistics.ts'

export interface Case {
  /** Name of the scenario. */
  name: string
  title: string
  /** The least share of bare Fastify's throughput, one request at a time. */
  target?: number
}

/** Loads bare Fastify and the mock server in turn with each case: a table, and the targets. */
export async function compareWithBare (cases: readonly Case[], { rounds, milliseconds, progress }: { rounds: number, milliseconds: number, progress: (message: string) => void }): Promise<{ table: Table, targets: Target[] }> {
  const rows: string[][] = []
  const targets: Target[] = []
  for (const { name, title, target } of cases) {
    progress(title)
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
      if (i === 0 && target !== undefined) targets.push(atLeast(`throughput against bare Fastify: ${title}`, target, median(ratio)))
    }
  }
  const head = ['answer', 'pipelined', 'bare, req/s', 'mock, req/s', 'ratio (quartiles)', 'bare, µs CPU', 'mock, µs CPU', 'CPU ratio (quartiles)', 'event loop busy']
  return { table: { head, rows }, targets }
}
