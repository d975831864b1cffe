import { startChild } from './child.ts'
import { load } from './load.ts'
import { atLeast, type Part } from './part.ts'
import { scenario } from './scenarios.ts'
import { median, number, spread } from './statistics.ts'
import type { ScopeSpeed } from './scope-server.ts'

const ALIVE = [0, 1, 100]

/** Whether those who use no scope pay for those who do; how fast scopes come and go. */
const scopes: Part = async ({ quick, progress }) => {
  const rounds = quick ? 3 : 9
  const milliseconds = quick ? 700 : 1500
  progress('scopes: 0, 1 and 100 alive')
  const servers = await Promise.all(ALIVE.map(async alive => {
    const child = await startChild('scope-server', [String(alive)])
    return { child, url: await child.ask<string>('url'), paths: await child.ask<string[]>('paths') }
  }))
  const plain: number[][] = ALIVE.map(() => [])
  const within: number[][] = ALIVE.map(() => [])
  const speeds: ScopeSpeed[] = []
  try {
    for (let round = -1; round < rounds; round++) {
      for (const [i, { url, paths }] of servers.entries()) {
        const through = async (prefixes: readonly string[]): Promise<number> => {
          const requests = scenario('static').requests.flatMap(request => prefixes.map(prefix => ({ ...request, path: prefix + request.path })))
          const { answers, seconds } = await load({ url, requests, connections: 20, pipelining: 1, until: { milliseconds } })
          return answers / seconds
        }
        const outside = await through([''])
        const inside = paths.length === 0 ? NaN : await through(paths)
        if (round < 0) continue // warm-up
        plain[i]?.push(outside)
        within[i]?.push(inside)
      }
    }
    progress('scopes: created and disposed of')
    for (let round = 0; round < rounds; round++) speeds.push(await servers[0]!.child.ask<ScopeSpeed>('turnover', quick ? 500 : 2000))
  } finally {
    await Promise.all(servers.map(({ child }) => child.stop()))
  }

  const base = plain[0] ?? []
  const ratio = (numbers: readonly number[]) => numbers.map((value, i) => value / (base[i] ?? NaN))
  return {
    title: 'Scopes',
    text: [
      `The same server with 0, 1 and 100 scopes alive, each with an overlay of its own on another path, loaded in turn: ${rounds} rounds, 20 connections, one request at a ` +
      'time on each. Requests that name no scope, then requests of all scopes in turn, which name theirs in the path. A scope that is created and disposed of is so from ' +
      'code; the second figure is of scopes that put an endpoint in front and have one request answered by it before they go: what a test costs.'
    ],
    tables: [
      {
        head: ['scopes', 'requests', 'req/s', 'ratio to no scopes (quartiles)'],
        rows: ALIVE.flatMap((alive, i) => [
          [number(alive), 'of no scope', number(median(plain[i] ?? [])), spread(ratio(plain[i] ?? []))],
          ...alive === 0 ? [] : [[number(alive), 'of the scopes', number(median(within[i] ?? [])), spread(ratio(within[i] ?? []))]]
        ])
      },
      {
        head: ['created and disposed of', 'scopes/s'],
        rows: [
          ['alone', number(median(speeds.map(({ bare }) => bare)))],
          ['with an overlay and a request', number(median(speeds.map(({ used }) => used)))]
        ]
      }
    ],
    targets: [atLeast('throughput of requests of no scope, with 100 scopes alive against none', 0.95, median(ratio(plain[2] ?? [])))]
  }
}

export default scopes
