import { startChild } from './child.ts'
import { atMost, type Part } from './part.ts'
import { median, number, spread } from './statistics.ts'
import type { Change, Timing } from './time-reload.ts'

const CHANGES: readonly Change[] = ['every schema', 'one endpoint', 'one endpoint, from a file']

/** How long a new configuration takes, and how long it holds up the requests meanwhile. */
const reload: Part = async ({ quick, progress }) => {
  const rows: string[][] = []
  const targets = []
  for (const { count, rounds } of [{ count: 1000, rounds: quick ? 3 : 15 }, { count: 10_000, rounds: quick ? 2 : 5 }]) {
    progress(`reload: ${count} endpoints`)
    const child = await startChild('time-reload', [String(count)], ['--expose-gc'])
    const bare: Timing[] = []
    const ours = new Map<Change, Timing[]>(CHANGES.map(change => [change, []]))
    for (let round = -2; round < rounds; round++) { // two rounds to warm up
      const baseline = await child.ask<Timing>('bare')
      if (round >= 0) bare.push(baseline)
      for (const change of CHANGES) {
        const timing = await child.ask<Timing>('reload', change)
        if (round >= 0) ours.get(change)?.push(timing)
      }
    }
    await child.stop()

    rows.push([number(count), 'bare Fastify: routes without schemas', spread(bare.map(({ milliseconds }) => milliseconds), 0), '', '', ''])
    for (const [change, timings] of ours) {
      const ratio = timings.map(({ milliseconds }, i) => milliseconds / (bare[i]?.milliseconds ?? NaN))
      const stalls = timings.map(({ stall }) => stall)
      rows.push([
        number(count), `reload: ${change}`, spread(timings.map(({ milliseconds }) => milliseconds), 0), spread(ratio),
        number(median(stalls), 1), number(Math.max(...stalls), 1)
      ])
      if (change !== 'every schema') continue
      targets.push(
        atMost(`reload of ${number(count)} endpoints with new schemas, against bare Fastify making as many routes without schemas`, 2, median(ratio), '×', 2),
        atMost(`longest stall of the event loop in such a reload (median of ${rounds})`, 50, median(stalls), ' ms')
      )
    }
  }
  return {
    title: 'Reload',
    text: [
      'Each endpoint has a body schema of its own. Three reloads are timed in turn with bare Fastify making as many routes without ' +
      'schemas: one where every schema is new, one where one endpoint of all is, and the same read from a JSON file. ' +
      'A stall is the longest time that the event loop was held at once (`monitorEventLoopDelay`, resolution 1 ms): requests meanwhile wait so long at most.'
    ],
    tables: [{ head: ['endpoints', 'what', 'ms (quartiles)', 'ratio to bare (quartiles)', 'longest stall, median, ms', 'largest of all, ms'], rows }],
    targets
  }
}

export default reload
