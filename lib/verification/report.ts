import type { Verdict } from '../condition/verdict.ts'
import { verdictLines } from '../explain/verdict-lines.ts'
import { times as inWords } from './count.ts'
import type { VerificationOperator } from './verification-error.ts'

/** Why a claim does not hold, in parts: what the message of the error is written from, and what mock control tells. JSON. */
export interface VerificationReport {
  operator: VerificationOperator
  /** The first line: what the mistake is. */
  headline: string
  /** What assertion errors show side by side: demands by name, and what the nearest request has in their place. */
  expected: Record<string, string>
  actual: Record<string, string>
  /** What was claimed, one demand a line. */
  wanted: string[]
  /** How often it should have come and how often it did, where that is the claim. */
  times?: { expected: string, actual: number }
  /** The one that comes nearest to what was claimed, with a verdict for each demand. */
  nearest?: RequestLine & { verdicts: Verdict[] }
  /** What came otherwise, the newest first: a few of them. */
  requests: RequestLine[]
  /** How many that are. */
  total: number
  /** What else has to be known to judge: entries that the log has dropped, bodies that it has cut. */
  notes: string[]
}

/** One request, in short. */
export interface RequestLine {
  seq: number
  method: string
  /** Without the query, which may hold secrets. */
  path: string
  /** Of the answer; absent when the client hung up. */
  status?: number
  /** Id of the endpoint that answered; absent when nothing matched. */
  endpoint?: string
  /** What is to be said of it: which step of a sequence it is. */
  note?: string
}

/**
 * @example
 * describeLine({ seq: 3, method: 'POST', path: '/orders', status: 404 }) // '#3 POST /orders, answered 404: no endpoint matched'
 */
export function describeLine ({ seq, method, path, status, endpoint, note }: RequestLine): string {
  const answer = status === undefined ? 'hung up' : `answered ${status}`
  const matched = endpoint === undefined ? ': no endpoint matched' : ''
  return `#${seq} ${method} ${path}, ${answer}${matched}${note === undefined ? '' : ` (${note})`}`
}

/** The whole message: the mistake, then what was claimed, the nearest request, and what else came. */
export function formatReport ({ operator, headline, wanted, times, nearest, requests, total, notes }: VerificationReport): string {
  const blocks = [
    [headline],
    wanted.length === 0 ? [] : [times === undefined ? HEADINGS[operator] ?? 'Expected:' : `Expected ${times.expected}, seen ${inWords(times.actual)}:`, ...wanted.map(indent)],
    nearest === undefined ? [] : [`Nearest: ${describeLine(nearest)}`, ...verdictLines(nearest.verdicts, '  ')],
    requests.length === 0 ? [] : [`${nearest === undefined ? 'Requests' : 'Other requests'}${total > requests.length ? ` (${requests.length} of ${total})` : ''}, the newest first:`, ...requests.map(line => indent(describeLine(line)))],
    notes.map(note => `Note: ${note}`)
  ]
  return blocks.filter(lines => lines.length > 0).map(lines => lines.join('\n')).join('\n\n')
}

const HEADINGS: Readonly<Partial<Record<VerificationOperator, string>>> = { verifySequence: 'Expected, in this order:', verifyAllUsed: 'Not called:' }

const indent = (text: string): string => `  ${text}`
