import { isSecretName } from '../condition/secret.ts'
import { HIDDEN } from '../condition/show.ts'
import { fitsMatch, type Match } from '../match.ts'
import { COST } from './segment-cost.ts'
import { quote, type Asked, type Finding, type Stage } from './stage.ts'

/** Tells which of the query parameters that belong to an endpoint's address the request lacks. */
export const queryStage: Stage = {
  name: 'query',
  check: ({ endpoint: { match } }, asked) => lacking(match?.query, asked, 'query')
}

/** The same for headers. */
export const headerStage: Stage = {
  name: 'headers',
  check: ({ endpoint: { match } }, asked) => lacking(match?.headers, asked, 'headers')
}

function lacking (wanted: Match['query'], { request }: Asked, part: 'query' | 'headers'): Finding[] {
  return Object.entries(wanted ?? {}).flatMap(([name, value]) => {
    if (fitsMatch({ query: request.query ?? {}, headers: request.headers ?? {} }, { [part]: { [name]: value } })) return []
    const key = part === 'headers' ? name.toLowerCase() : name
    const write = (text: string): string => isSecretName(name) ? `${name} ${HIDDEN}` : part === 'query' ? `${name}=${text}` : `${name}: ${text}`
    const sent = request[part]?.[key]
    const expected = value === true ? name : write(value)
    const actual = sent === undefined ? '' : write(String(sent))
    const where = part === 'query' ? 'the query' : 'the request'
    const message = actual === '' ? `${where} lacks ${quote(expected)}` : `${where} has ${quote(actual)}, expected ${quote(expected)}`
    return [{ stage: part, at: `${part} ${name}`, expected, actual, message, remedy: `add ${expected} to the ${part}`, cost: COST.match, isSlip: true }]
  })
}
