import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { systemClock, type Clock } from '../lib/clock.ts'
import { hangUpSafeDelay } from '../plugins/hang-up.ts'
import { createInFlight } from '../plugins/in-flight.ts'
import { listen } from './helper.ts'

/** The response to a client that is gone, as whoever kept its request waiting finds it. */
async function abandoned (t: Test): Promise<ServerResponse> {
  let met: (response: ServerResponse) => void = () => {}
  const request = new Promise<ServerResponse>(resolve => { met = resolve })
  const server = createServer((_request, response) => met(response))
  t.teardown(() => server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const socket = connect(typeof address === 'object' ? address?.port ?? 0 : 0, '127.0.0.1')
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  const response = await request
  socket.destroy()
  await once(response, 'close')
  return response
}

t.test('who hung up before the wait began is not waited for', async t => {
  const response = await abandoned(t)
  const clock: Clock = {
    ...systemClock,
    after () {
      t.fail('a timer was started')
      return () => {}
    }
  }
  hangUpSafeDelay(clock, 60_000, response, () => t.fail('the wait came to its end'))
})

t.test('who hung up before its request was met is not in flight', async t => {
  const inFlight = createInFlight()
  inFlight.enter(await abandoned(t))
  t.equal(inFlight.count, 0)
  await inFlight.drained(60_000)
})

t.test('clients that hang up while an overlay is being built harm nothing, and leave nothing to wait for', async t => {
  const { app, url } = await listen(t, { endpoints: [{ path: '/', response: {} }] }, { forceCloseConnections: true })
  const { port, hostname } = new URL(url)
  const scope = await app.mock.scopes.create()
  for (const id of [scope.id, 'gone']) {
    const overlay = scope.use({ path: '/', latency_ms: 60_000, response: {} })
    for (let i = 0; i < 20; i++) {
      const socket = connect(Number(port), hostname)
      await once(socket, 'connect')
      socket.write(`GET / HTTP/1.1\r\nhost: x\r\nx-mock-scope: ${id}\r\n\r\n`)
      await setTimeout(i % 4)
      socket.destroy()
    }
    await overlay
  }
  await scope.dispose()
  t.equal((await fetch(url)).status, 200)
})
