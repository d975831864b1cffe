import type { Verdict } from '../condition/verdict.ts'

type Demand = Pick<Verdict, 'part' | 'at' | 'operator' | 'expected'>

/** What to do so that a demand holds, for the value that it asks for; `what` is the place: a header's name, a pointer. */
const SET: Readonly<Record<string, (value: string, what: string) => string>> = {
  method: value => `use ${bare(value).toUpperCase()}`,
  path: value => `ask for ${bare(value)}`,
  host: value => `ask the host ${bare(value)}`,
  protocol: value => `ask with ${bare(value)}`,
  client: value => `ask from ${bare(value)}`,
  params: (value, what) => `put ${value} in the place of ':${what}'`,
  query: (value, what) => `add ${what}=${encodeURIComponent(bare(value))} to the query`,
  headers: (value, what) => `send the header ${what}: ${bare(value)}`,
  cookies: (value, what) => `send the cookie ${what}=${bare(value)}`,
  body: (value, what) => what === '' ? `send ${value} as the body` : `set ${what} of the body to ${value}`,
  scenarios: (value, what) => `put the scenario '${what}' into the state ${value}`,
  variables: (value, what) => `set the variable '${what}' to ${value}`
}

/** How a place is called that something is asked of, other than to be equal. */
const PLACES: Readonly<Record<string, (what: string) => string>> = {
  params: what => `the parameter ':${what}'`,
  query: what => `the query parameter '${what}'`,
  headers: what => `the header '${what}'`,
  cookies: what => `the cookie '${what}'`,
  body: what => what === '' ? 'the body' : `${what} of the body`,
  scenarios: what => `the scenario '${what}'`,
  variables: what => `the variable '${what}'`,
  collections: what => `the collection '${what}'`,
  request_number: () => 'the number of the request'
}

const WORDS: Readonly<Record<string, string>> = {
  contains: 'contain',
  starts_with: 'start with',
  ends_with: 'end with',
  matches: 'match',
  in: 'be one of',
  greater: 'be greater than',
  at_least: 'be at least',
  less: 'be less than',
  at_most: 'be at most',
  multiple_of: 'be a multiple of',
  before: 'be before',
  after: 'be after',
  type: 'be of the type',
  same_as: 'equal'
}

/**
 * The smallest change that a demand asks for, in words that go on from "you could"; undefined where that is for the message to say.
 *
 * @example
 * remedyOf({ part: 'headers', at: 'x-tenant', operator: 'equals', expected: "'acme'" }) // 'send the header x-tenant: acme'
 */
export function remedyOf ({ part, at = '', operator, expected }: Demand): string | undefined {
  const place = PLACES[part]?.(at)
  if (operator === 'equals') return SET[part]?.(expected, at)
  if (operator === 'absent') return place === undefined ? undefined : `leave ${place} out`
  if (operator === 'exists') return place === undefined ? undefined : `send ${place}`
  const word = WORDS[operator]
  return word === undefined || place === undefined ? undefined : `have ${place} ${word} ${expected}`
}

const bare = (value: string): string => /^'.*'$/s.test(value) ? value.slice(1, -1) : value
