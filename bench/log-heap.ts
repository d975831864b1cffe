import type { Config } from '../lib/config.ts'
import { startChild } from './child.ts'
import type { Heap } from './heap-server.ts'
import { load, type LoadRequest } from './load.ts'
import { atMost, type Part } from './part.ts'
import { mebibytes, number } from './statistics.ts'

const BOUND = 32 * 1024 * 1024

/** Whether the request log keeps within its bound of bytes, however many requests there are. */
const logHeap: Part = async ({ quick, progress }) => {
  const total = quick ? 50_000 : 1_000_000
  progress(`log: ${number(total)} requests`)
  const config: Config = {
    endpoints: [{ path: '/orders/:id', method: 'POST', response: { id: '{{request.params.id}}', state: 'accepted' } }],
    log: { max_entries: total, max_bytes: BOUND }
  }
  const child = await startChild('heap-server', [JSON.stringify(config)], ['--expose-gc'])
  const url = await child.ask<string>('url')
  const send = (answers: number) => load({ url, requests: requests(), connections: 20, pipelining: 10, until: { answers } })
  await send(20_000)
  await child.ask('clear')
  const before = await child.ask<Heap>('heap')
  const { seconds } = await send(total)
  const after = await child.ask<Heap>('heap')
  const { kept, seq } = await child.ask<{ kept: number, seq: number }>('logged')
  await child.stop()

  const growth = after.bytes - before.bytes
  return {
    title: 'A million logged requests',
    text: [
      `${number(total)} POST requests over real sockets (20 connections, ten pipelined), with bodies from 20 bytes to 4 KiB, to a server whose log is bounded ` +
      `at ${mebibytes(BOUND)} and not by entries. Heap and Buffers after garbage collection, before and after.`
    ],
    tables: [{
      head: ['requests', 'logged', 'entries kept', 'heap before', 'heap after', 'growth', 'bound', 'seconds'],
      rows: [[number(total), number(seq - 20_000), number(kept), mebibytes(before.bytes), mebibytes(after.bytes), mebibytes(growth), mebibytes(BOUND), number(seconds)]]
    }],
    targets: [atMost(`heap growth over ${number(total)} logged requests, against the log's bound`, BOUND / 2 ** 20, growth / 2 ** 20, ' MiB')]
  }
}

function requests (): LoadRequest[] {
  return Array.from({ length: 97 }, (_, i) => ({
    method: 'POST',
    path: `/orders/${i}?page=${i}`,
    headers: { 'content-type': 'application/json', 'user-agent': `bench/${i}` },
    body: JSON.stringify({ note: 'n'.repeat(i % 7 === 0 ? 4000 : i) })
  }))
}

export default logHeap
