import { hasPinned } from '../pinned-query.ts'
import { COST } from './segment-cost.ts'
import { quote, type Stage } from './stage.ts'

/** Tells which of the parameters that belong to an endpoint's address the request lacks. */
export const queryStage: Stage = {
  name: 'query',
  check: ({ endpoint }, { request }) => Object.entries(endpoint.query ?? {}).flatMap(([name, wanted]) => {
    const query = request.query ?? {}
    if (hasPinned(query, { [name]: wanted })) return []
    const expected = wanted === true ? name : `${name}=${wanted}`
    const actual = Object.hasOwn(query, name) ? `${name}=${String(query[name])}` : ''
    const message = `the query ${actual === '' ? `lacks ${quote(expected)}` : `has ${quote(actual)}, expected ${quote(expected)}`}`
    return [{ stage: 'query' as const, at: `query ${name}`, expected, actual, message, cost: COST.query, isSlip: true }]
  })
}
