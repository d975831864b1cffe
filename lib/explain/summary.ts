import { capitalise } from '../capitalise.ts'
import type { Candidate } from './explanation.ts'
import type { AskedRequest } from './stage.ts'
import { namedEndpoint } from './told-endpoint.ts'

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

function measureOf ({ endpoint, failed, responses = [] }: Candidate): string {
  const id = namedEndpoint(endpoint)
  const [answer] = responses
  const isChoice = responses.length > 1 && answer !== undefined && failed.some(({ stage }) => stage === 'when')
  if (isChoice) return `; the nearest answer is ${answer.name === undefined ? `number ${answer.number}` : `'${answer.name}'`} of ${id}`
  return failed.some(({ stage }) => stage === 'path' || stage === 'when') ? `; the nearest endpoint is ${id}` : ''
}
