import { isDeepStrictEqual } from 'node:util'
import { startChild } from './child.ts'
import type { LoadRequest } from './load.ts'
import { scenario } from './scenarios.ts'

/** A comparison of servers that answer differently would be worth nothing. */
export async function assertSameAnswer (name: string): Promise<void> {
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
