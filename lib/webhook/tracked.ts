import { loggedBody } from '../request-log/logged-body.ts'
import { fitsDelivery, type Attempt, type Delivery, type DeliveryFilter } from './delivery.ts'
import type { Job } from './job.ts'
import type { Received } from './send.ts'

/** A delivery as it is kept; what people read is made of it when they look. */
export interface Tracked {
  readonly job: Job
  seq: number
  /** Milliseconds since the epoch. */
  readonly time: number
  state: Delivery['state']
  /** As they were sent last, signature and all; before that, as they are planned. */
  headers: Job['headers']
  readonly attempts: Attempt[]
  /** When the next attempt is due, in milliseconds since the epoch. */
  due: number | undefined
  error: string | undefined
  /** Ends the wait. */
  cancel: (() => void) | undefined
}

export const track = (job: Job): Tracked =>
  ({ job, seq: 0, time: Date.now(), state: 'waiting', headers: job.headers, attempts: [], due: undefined, error: undefined, cancel: undefined })

/** How much room it takes in the log. */
export const sizeOf = ({ url, body }: Job): number => 1_000 + url.length + (body?.length ?? 0)

export const isAskedFor = ({ seq, state, job }: Tracked, filter: DeliveryFilter): boolean => fitsDelivery({ ...job, seq, state }, filter)

/** @param maxBody longer bodies are cut, in bytes */
export function viewDelivery ({ job, seq, time, state, headers, attempts, due, error }: Tracked, maxBody: number): Delivery {
  return {
    seq,
    id: job.id,
    kind: job.kind,
    name: job.name,
    ...job.endpoint !== undefined && { endpoint: job.endpoint },
    ...job.requestId !== undefined && { request_id: job.requestId },
    ...job.scope !== undefined && { scope: job.scope },
    state,
    time: new Date(time).toISOString(),
    request: {
      method: job.method,
      url: job.url,
      headers: { ...headers },
      ...job.body !== undefined && { body: bodyView(job.body, job.body.length, maxBody) }
    },
    attempts: [...attempts],
    ...due !== undefined && { next_attempt: new Date(due).toISOString() },
    ...error !== undefined && { error }
  }
}

export function responseView ({ status, headers, body, size }: Received): NonNullable<Attempt['response']> {
  const told: Record<string, string | string[]> = {}
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) told[name] = value
  return { status, headers: told, ...size > 0 && { body: bodyView(body, size, body.length) } }
}

const bodyView = (body: Buffer, size: number, most: number) =>
  loggedBody({ data: body.subarray(0, most).toString('latin1'), encoding: 'latin1', size }, {})
