import { connect, type Socket } from 'node:net'

export interface LoadOptions {
  /** Address of the server: `http://127.0.0.1:3000`. */
  url: string
  requests: readonly LoadRequest[]
  connections: number
  /** How many requests a connection has under way. */
  pipelining: number
  until: { milliseconds: number } | { answers: number }
}

export interface LoadRequest {
  method: string
  path: string
  headers?: Readonly<Record<string, string>>
  body?: string
}

export interface LoadResult {
  answers: number
  seconds: number
}

// Answers that are not 2xx are not counted: they are an error of the benchmark.
const ANSWER = 'HTTP/1.1 2'
const LONGEST_MS = 300_000

/**
 * Keeps a server busy over real sockets: each connection sends its next request when one is answered.
 *
 * It shares two cores with the server, so it does as little as it can: requests are bytes made beforehand, and of the answers
 * only the status lines are looked at. (With autocannon instead, the server of a bare route idled a quarter of the time.)
 */
export async function load ({ url, requests, connections, pipelining, until }: LoadOptions): Promise<LoadResult> {
  const { hostname, port, host } = new URL(url)
  const messages = requests.map(request => encode(request, host))
  const start = performance.now()
  let answers = 0
  let next = 0
  let isOver = false
  const { promise, resolve, reject } = withResolvers<void>()
  const timer = 'milliseconds' in until
    ? setTimeout(resolve, until.milliseconds)
    : setTimeout(() => reject(new Error(`${answers} answers after ${LONGEST_MS / 1000} s`)), LONGEST_MS)

  const sockets = Array.from({ length: connections }, () => open(Number(port), hostname))
  await promise.finally(() => {
    isOver = true
    clearTimeout(timer)
    for (const socket of sockets) socket.destroy()
  })
  return { answers, seconds: (performance.now() - start) / 1000 }

  function send (socket: Socket, count: number): void {
    const batch = []
    for (let i = 0; i < count; i++) batch.push(messages[next++ % messages.length] ?? Buffer.alloc(0))
    socket.write(batch.length === 1 ? batch[0] ?? '' : Buffer.concat(batch))
  }

  function open (port: number, host: string): Socket {
    const socket = connect({ port, host, noDelay: true })
    const count = createCounter()
    socket.once('connect', () => send(socket, pipelining))
    socket.on('data', chunk => {
      const found = count(chunk)
      if (found === 0 && chunk.length > 9 && chunk.subarray(0, 9).equals(STATUS_LINE)) reject(new Error(`unexpected answer: ${chunk.toString('utf8', 0, 300)}`))
      answers += found
      if ('answers' in until && answers >= until.answers) resolve()
      else if (found > 0 && !isOver) send(socket, found)
    })
    socket.on('error', reject)
    socket.on('close', () => { if (!isOver) reject(new Error('the server closed a connection')) })
    return socket
  }
}

const STATUS_LINE = Buffer.from('HTTP/1.1 ')

/** Counts the answers that begin in a chunk, also those whose first bytes came with the chunk before. */
function createCounter (): (chunk: Buffer) => number {
  let tail = ''
  return chunk => {
    let count = (tail + chunk.toString('latin1', 0, ANSWER.length - 1)).includes(ANSWER) ? 1 : 0
    for (let at = chunk.indexOf(ANSWER); at !== -1; at = chunk.indexOf(ANSWER, at + ANSWER.length)) count++
    tail = (tail + chunk.toString('latin1', Math.max(0, chunk.length - ANSWER.length + 1))).slice(1 - ANSWER.length)
    return count
  }
}

function encode ({ method, path, headers = {}, body = '' }: LoadRequest, host: string): Buffer {
  const lines = Object.entries({ host, ...headers, ...(body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) }) })
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`)
}

/** Promise.withResolvers, which Node has from version 22. */
function withResolvers<T> () {
  let resolve: (value: T) => void = () => {}
  let reject: (error: Error) => void = () => {}
  const promise = new Promise<T>((_resolve, _reject) => {
    resolve = _resolve
    reject = _reject
  })
  return { promise, resolve, reject }
}
