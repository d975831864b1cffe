import { once } from 'node:events'
import { Agent, get } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import t from 'tap'
import { listen, until } from './helper.ts'

t.test('of 64 clients at once, exactly as many are served as the limit allows', async t => {
  for (const algorithm of ['fixed_window', 'sliding_window', 'token_bucket'] as const) {
    const { url } = await listen(t, { endpoints: [{ path: '/', rate_limit: { algorithm, limit: '137/30d' }, latency_ms: { min: 0, max: 5 }, response: 'ok' }] })
    const agent = new Agent({ keepAlive: true, maxSockets: 64 })
    t.teardown(() => agent.destroy())
    const client = async (): Promise<number[]> => {
      const met: number[] = []
      for (let i = 0; i < 10; i++) met.push(await status(url, agent))
      return met
    }
    const all = (await Promise.all(Array.from({ length: 64 }, client))).flat()
    t.equal(all.length, 640)
    t.equal(all.filter(status => status === 200).length, 137, algorithm)
    t.equal(all.filter(status => status === 429).length, 503)
  }
})

async function status (url: string, agent: Agent): Promise<number> {
  const request = get(url, { agent })
  const [response] = await once(request, 'response')
  response.resume()
  await once(response, 'end')
  return response.statusCode
}

t.test('concurrency', async t => {
  await t.test('never are more answered at a time than the limit allows, nor fewer where more want to be', async t => {
    const { app, url } = await listen(t, { endpoints: [{ path: '/', rate_limit: { algorithm: 'concurrency', limit: 5, queue: { size: 100 } }, latency_ms: 2, response: 'ok' }] })
    const agent = new Agent({ keepAlive: true, maxSockets: 64 })
    t.teardown(() => agent.destroy())
    let most = 0
    const look = setInterval(() => { most = Math.max(most, app.mock.rateLimits.get('GET /')?.keys[0]?.used ?? 0) }, 1)
    t.teardown(() => clearInterval(look))
    const all = await Promise.all(Array.from({ length: 64 }, async () => [await status(url, agent), await status(url, agent), await status(url, agent)]))
    t.same([...new Set(all.flat())], [200], 'those who wait are all answered')
    t.equal(most, 5)
    await until(() => app.mock.rateLimits.get('GET /')?.keys[0]?.used === 0)
  })

  await t.test('exactly as many are under way as the limit allows, and the others are rejected', async t => {
    const { app, url } = await listen(t, { endpoints: [{ path: '/', rate_limit: { algorithm: 'concurrency', limit: 7 }, latency_ms: 60_000, response: 'ok' }] })
    app.mock.clock.freeze()
    const agent = new Agent({ keepAlive: true, maxSockets: 64 })
    t.teardown(() => agent.destroy())
    const all = Array.from({ length: 64 }, () => status(url, agent))
    await until(() => app.mock.requests.count({ status: 429 }) === 57)
    await app.mock.clock.waitForPending(7)
    await app.mock.clock.advance('60s')
    const met = await Promise.all(all)
    t.equal(met.filter(status => status === 200).length, 7)
    t.equal(met.filter(status => status === 429).length, 57)
    await until(() => app.mock.rateLimits.get('GET /')?.keys[0]?.used === 0)
    const answer = fetch(url)
    await app.mock.clock.waitForPending(1)
    await app.mock.clock.advance('60s')
    const { headers } = await answer
    t.equal(headers.get('ratelimit-policy'), '"GET /";q=7;qu="concurrent-requests"')
    t.equal(headers.get('ratelimit'), '"GET /";r=6')
  })

  await t.test('who waits too long is rejected, and who hangs up gives way', async t => {
    const { app, url } = await listen(t, { endpoints: [{ path: '/', rate_limit: { algorithm: 'concurrency', limit: 1, queue: { size: 2, timeout_ms: 5_000 } }, latency_ms: 60_000, response: 'ok' }] })
    app.mock.clock.freeze()
    const state = () => app.mock.rateLimits.get('GET /')?.keys[0]
    const hangUp = new AbortController()
    const first = fetch(url, { signal: hangUp.signal }).catch(() => 'hung up')
    await until(() => state()?.used === 1)
    const second = fetch(url)
    await until(() => state()?.waiting === 1)
    const leaving = new AbortController()
    const third = fetch(url, { signal: leaving.signal }).catch(() => 'hung up')
    await until(() => state()?.waiting === 2)
    t.equal((await fetch(url)).status, 429, 'the queue is full')
    leaving.abort()
    t.equal(await third, 'hung up')
    await until(() => state()?.waiting === 1)
    await app.mock.clock.advance(5_000)
    const late = await second
    t.equal(late.status, 429)
    t.equal(late.headers.get('retry-after'), null, 'nobody knows when the others end')
    const next = fetch(url)
    await until(() => state()?.waiting === 1)
    hangUp.abort()
    t.equal(await first, 'hung up')
    await until(() => state()?.waiting === 0 && state()?.used === 1)
    await app.mock.clock.advance('60s')
    t.equal((await next).status, 200, 'the one who waited has the slot of the one who hung up')
  })

  await t.test('two endpoints with two limits in another order wait for nothing that never comes', async t => {
    const a = { name: 'a', algorithm: 'concurrency' as const, limit: 1, queue: { size: 50 } }
    const b = { ...a, name: 'b' }
    const { url } = await listen(t, { endpoints: [{ path: '/ab', rate_limit: [a, b], latency_ms: 1, response: 'ok' }, { path: '/ba', rate_limit: [b, a], latency_ms: 1, response: 'ok' }] })
    const all = await Promise.all(Array.from({ length: 20 }, async (_, index) => (await fetch(`${url}/${index % 2 === 0 ? 'ab' : 'ba'}`)).status))
    t.same([...new Set(all)], [200])
  })
})

t.test('who hung up before takes no slot', async t => {
  const { app, url } = await listen(t, { endpoints: [{ path: '/', rate_limit: { algorithm: 'concurrency', limit: 3 }, latency_ms: 60_000, response: 'ok' }] })
  for (let i = 0; i < 30; i++) {
    const hangUp = new AbortController()
    const answer = fetch(url, { signal: hangUp.signal }).catch(() => undefined)
    if (i % 2 === 0) await setTimeout(2)
    hangUp.abort()
    await answer
  }
  await until(() => (app.mock.rateLimits.get('GET /')?.keys[0]?.used ?? 0) === 0)
  t.pass()
})
