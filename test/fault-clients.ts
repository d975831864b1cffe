import { execFile } from 'node:child_process'
import { Agent, get } from 'node:http'
import { connect } from 'node:http2'
import { buffer } from 'node:stream/consumers'
import { createGunzip } from 'node:zlib'
import { HTTP2_CODES } from '../lib/config-keys/fault.ts'

/** Real clients, each asked for one address: what each of them makes of the answer, as it tells it, in one line. */

/** How long a client waits before it gives up, in milliseconds: longer than any answer takes that comes at all. */
const PATIENCE = 2500

function told (error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return 'time-out'
  // What fetch throws says little: its cause says what it was.
  if (error.cause instanceof Error) return `${error.message}: ${told(error.cause)}`
  const name = /NGHTTP2_(\w+)/.exec(error.message)?.[1] ?? HTTP2_CODES[Number(/error code (\d+)/.exec(error.message)?.[1])]
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.message
  return name === undefined ? code : `${code}: ${name}`
}

const answered = (status: number | undefined, body: Buffer | string): string => `${status}, ${body.length} bytes`

export async function byFetch (url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE) })
    return answered(response.status, await response.text())
  } catch (error) {
    return told(error)
  }
}

export async function byHttp (url: string): Promise<string> {
  const agent = new Agent({ keepAlive: true })
  try {
    return await new Promise((resolve, reject) => {
      const request = get(url, { agent, timeout: PATIENCE }, response => {
        response.on('error', reject)
        const body = response.headers['content-encoding'] === 'gzip' ? response.pipe(createGunzip()) : response
        buffer(body).then(body => resolve(answered(response.statusCode, body)), reject)
      })
      request.on('timeout', () => { resolve('time-out') })
      request.on('error', reject)
    })
  } catch (error) {
    return told(error)
  } finally {
    agent.destroy()
  }
}

/** What it says is its exit code. */
export function byCurl (url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('curl', ['--silent', '--compressed', '--max-time', String(PATIENCE / 1000), '--write-out', '\n%{http_code}', url], { encoding: 'buffer' }, (error, stdout) => {
      if (typeof error?.code === 'number') return resolve(`exit ${error.code}`)
      if (error !== null) return reject(error)
      const at = stdout.lastIndexOf('\n')
      resolve(answered(Number(stdout.subarray(at + 1)), stdout.subarray(0, at)))
    })
  })
}

/** The version of curl; undefined where there is none. */
export const curlVersion = (): Promise<string | undefined> => new Promise(resolve => {
  execFile('curl', ['--version'], (error, stdout) => resolve(error === null ? /[\d.]+/.exec(stdout)?.[0] : undefined))
})

/** Over a connection without TLS. What is wrong with the whole session is told before what that is for the one stream. */
export async function byHttp2 (url: string): Promise<string> {
  const session = connect(url)
  try {
    return await new Promise<string>((resolve, reject) => {
      let status: number | undefined
      session.once('error', reject)
      const stream = session.request({ ':path': '/' })
      stream.once('response', headers => {
        status = Number(headers[':status'])
        const body = headers['content-encoding'] === 'gzip' ? stream.pipe(createGunzip()) : stream
        buffer(body).then(body => resolve(answered(status, body)), reject)
      })
      stream.once('error', error => setImmediate(reject, error))
      stream.setTimeout(PATIENCE, () => resolve('time-out'))
      stream.once('close', () => { if (status === undefined) setImmediate(resolve, 'no answer') })
    })
  } catch (error) {
    return told(error)
  } finally {
    session.destroy()
  }
}
