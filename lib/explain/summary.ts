import { capitalise } from '../capitalise.ts'
import type { Candidate } from './explanation.ts'
import type { AskedRequest } from './stage.ts'

const LONGEST_PATH = 500

/** A path that is no longer than an answer can bear. */
export const shownPath = ({ path }: Pick<AskedRequest, 'path'>): string =>
  path.length > LONGEST_PATH ? `${path.slice(0, LONGEST_PATH - 1)}…` : path

/** So many mistakes are told in one line. */
const TOLD = 3

/** One line: the mistake first, then what it was measured against. */
export function mistakeIn (request: AskedRequest, nearest: Candidate | undefined): string {
  const [mistake] = nearest?.failed ?? []
  if (nearest === undefined || mistake === undefined) return `Nothing like ${request.method} ${shownPath(request)} is configured.`
  const messages = nearest.failed.slice(0, TOLD).map(({ message }) => message)
  const more = nearest.failed.length > TOLD ? `, and ${nearest.failed.length - TOLD} more` : ''
  return `${capitalise(messages.join(', and '))}${more}${measureOf(nearest)}.`
}

function measureOf ({ endpoint: { id }, failed, responses }: Candidate): string {
  if (failed.some(({ stage }) => stage === 'path')) return `; the nearest endpoint is ${id}`
  if (failed.every(({ stage }) => stage !== 'when')) return ''
  const [answer] = responses ?? []
  const which = answer === undefined || (responses?.length ?? 0) < 2 ? '' : `; its nearest answer is ${answer.name === undefined ? `number ${answer.number}` : `'${answer.name}'`}`
  return `: no answer of ${id} fits${which}`
}
