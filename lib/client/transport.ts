import { VerificationError } from '../verification/verification-error.ts'
import type { VerificationReport } from '../verification/report.ts'
import { MockClientError, NoControlError, UnreachableError } from './client-error.ts'

export interface TransportOptions {
  /** The bearer token that mock control asks for. */
  token?: string | undefined
  /** Where mock control lives: `control.path` of the configuration. Default: /__mock. */
  control?: string | undefined
  /** Headers for every request, such as those that a proxy asks for. */
  headers?: Readonly<Record<string, string>> | undefined
  /** What to send requests by. Default: the global `fetch`. */
  fetch?: typeof globalThis.fetch | undefined
}

export interface Call {
  query?: Readonly<Record<string, string | number | boolean | null | undefined>>
  body?: unknown
  signal?: AbortSignal | undefined
  /** Whether the path is one of the server's own (`/__reload`), and not of its API. */
  isShort?: boolean
  /** Where the test asked, for the stack of an assertion error. */
  frames?: string | undefined
}

/** Talks to mock control: JSON there and back, problem documents as errors. */
export interface Transport {
  /** The server's address, without a slash at its end. */
  readonly address: string
  /** Throws what the server threw, or MOCK_ERR_CLIENT_UNREACHABLE, MOCK_ERR_CLIENT_CONTROL. */
  send: Send
}

export type Send = (method: string, path: string, call?: Call) => Promise<unknown>

/** The seam where what the server answers gets the type that it declares. */
export const answerOf = async <T>(answer: Promise<unknown>): Promise<T> => await answer as T

/** What was found, or undefined where the server knows no such thing. */
export async function orUndefined<T> (answer: Promise<T>, code: string): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof MockClientError && error.code === code) return undefined
    throw error
  }
}

/** @example createTransport('http://127.0.0.1:4000').send('GET', '/health') */
export function createTransport (url: string | URL, { token, control = '/__mock', headers, fetch = globalThis.fetch }: TransportOptions = {}): Transport {
  const address = addressOf(url)
  return {
    address,
    async send (method, path, { query = {}, body, signal, isShort = false, frames } = {}) {
      const search = new URLSearchParams(Object.entries(query).flatMap(([name, value]): Array<[string, string]> => value === undefined ? [] : [[name, String(value)]])).toString()
      const target = `${address}${isShort ? '' : `${control}/api`}${path}${search === '' ? '' : `?${search}`}`
      let response: Response
      let text: string
      try {
        response = await fetch(target, {
          method,
          headers: { accept: 'application/json', ...headers, ...token !== undefined && { authorization: `Bearer ${token}` }, ...body !== undefined && { 'content-type': 'application/json' } },
          ...body !== undefined && { body: JSON.stringify(body) },
          ...signal !== undefined && { signal }
        })
        text = await response.text()
      } catch (cause) {
        if (signal?.aborted === true) throw signal.reason
        throw new UnreachableError(address, cause)
      }
      const value = parse(text)
      if (response.ok && (response.status === 204 || value !== undefined)) return value
      throw toError(value, frames) ?? new NoControlError(target, response.status)
    }
  }
}

function addressOf (url: string | URL): string {
  const text = String(url)
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) throw new TypeError(`'${text}' is no address: write it as in http://127.0.0.1:4000`)
  return text.replace(/\/+$/, '')
}

function parse (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The error that a problem document tells of; undefined where it is none of mock control's. */
function toError (problem: unknown, frames: string | undefined): Error | undefined {
  if (!isObject(problem)) return undefined
  const { code, detail, status, diagnostics, verification } = problem
  if (typeof code !== 'string' || typeof detail !== 'string') return undefined
  if (isReport(verification)) return new VerificationError(detail, verification, frames)
  return new MockClientError(code, code === 'MOCK_ERR_CONTROL_TOKEN' ? `${detail}. Give it to connect as \`token\`` : detail, {
    ...typeof status === 'number' && { statusCode: status },
    ...Array.isArray(diagnostics) && { diagnostics }
  })
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The seam where what the server says gets its type. */
const isReport = (value: unknown): value is VerificationReport => isObject(value) && typeof value.headline === 'string'
