import { startChild, type Child } from './child.ts'
import { load } from './load.ts'
import { scenario } from './scenarios.ts'
import type { Usage } from './serve.ts'

/** One server to be compared, in a process of its own. */
export interface Contestant {
  side: 'bare' | 'mock'
  scenario: string
}

export interface Round {
  /** Answers per second. */
  throughput: number
  /** CPU time of the server's process for each answer, in microseconds; noise of other processes hardly touches it. */
  cpu: number
  utilization: number
}

export interface RoundOptions {
  rounds: number
  milliseconds: number
  pipelining: number
}

const CONNECTIONS = 20

/**
 * Loads the servers in turn, round after round, so that whatever else the machine does meets all of them alike. The
 * order is reversed with each round.
 */
export async function interleave (contestants: readonly Contestant[], options: readonly RoundOptions[]): Promise<Round[][][]> {
  const servers: Array<{ child: Child, url: string, name: string, results: Round[] }> = []
  try {
    for (const { side, scenario } of contestants) {
      const child = await startChild('serve', [side, scenario])
      servers.push({ child, url: await child.ask<string>('url'), name: scenario, results: [] })
    }
    const all: Round[][][] = []
    for (const { rounds, milliseconds, pipelining } of options) {
      const run = async ({ child, url, name }: { child: Child, url: string, name: string }): Promise<Round> => {
        await child.ask('usage')
        const { answers, seconds } = await load({ url, requests: scenario(name).requests, connections: CONNECTIONS, pipelining, until: { milliseconds } })
        const { cpuMicroseconds, utilization } = await child.ask<Usage>('usage')
        return { throughput: answers / seconds, cpu: cpuMicroseconds / answers, utilization }
      }
      for (const server of servers) {
        await run(server) // warm-up
        server.results = []
      }
      for (let round = 0; round < rounds; round++) {
        for (const server of round % 2 === 0 ? servers : servers.toReversed()) server.results.push(await run(server))
      }
      all.push(servers.map(({ results }) => results))
    }
    return all
  } finally {
    await Promise.all(servers.map(({ child }) => child.stop()))
  }
}

/** The ratio of two contestants, round by round. */
export function ratios (of: readonly Round[], to: readonly Round[], key: 'throughput' | 'cpu'): number[] {
  return of.map((round, i) => round[key] / (to[i]?.[key] ?? NaN))
}
