import { HIDDEN, show } from '../condition/show.ts'
import type { Verdict } from '../condition/verdict.ts'
import { listWords } from './method-stage.ts'

type Demand = Pick<Verdict, 'part' | 'at' | 'operator' | 'expected' | 'model' | 'parts'>

/** What to do so that a part of the request has a value; `at` is the place: a header's name, a pointer. */
const SET: Readonly<Record<string, (value: unknown, at: string) => string>> = {
  method: value => `use ${String(value).toUpperCase()}`,
  path: value => `ask for ${text(value)}`,
  host: value => `ask the host ${text(value)}`,
  protocol: value => `ask with ${text(value)}`,
  client: value => `ask from ${text(value)}`,
  params: (value, at) => `put ${show(value)} in the place of ':${at}'`,
  query: (value, at) => `add ${at}=${encodeURIComponent(text(value))} to the query`,
  headers: (value, at) => `send the header ${at}: ${text(value)}`,
  cookies: (value, at) => `send the cookie ${at}=${text(value)}`,
  body: (value, at) => at === '' ? `send ${show(value)} as the body` : `set ${at} of the body to ${show(value)}`,
  scenarios: (value, at) => `put the scenario '${at}' into the state ${show(value)}`,
  variables: (value, at) => `set the variable '${at}' to ${show(value)}`
}

/** How a place is called that something else is asked of. */
const PLACES: Readonly<Record<string, (at: string) => string>> = {
  params: at => `the parameter ':${at}'`,
  query: at => `the query parameter '${at}'`,
  headers: at => `the header '${at}'`,
  cookies: at => `the cookie '${at}'`,
  body: at => at === '' ? 'the body' : `${at} of the body`,
  scenarios: at => `the scenario '${at}'`,
  variables: at => `the variable '${at}'`
}

const WORDS: Readonly<Record<string, string>> = {
  contains: 'contain',
  starts_with: 'start with',
  ends_with: 'end with',
  matches: 'match',
  in: 'be',
  greater: 'be more than',
  at_least: 'be at least',
  less: 'be less than',
  at_most: 'be at most',
  multiple_of: 'be a multiple of',
  before: 'be before',
  after: 'be after',
  length: 'have a length of',
  count: 'have a count of',
  type: 'be',
  json_schema: 'fit',
  not: 'not be'
}

/**
 * The smallest change that a demand asks for, in words that go on from "you could"; undefined where that is for the message to say.
 *
 * @example
 * remedyOf({ part: 'headers', at: 'x-tenant', operator: 'equals', expected: "'acme'", model: 'acme' }) // 'send the header x-tenant: acme'
 */
export function remedyOf ({ part, at = '', operator, expected, model, parts }: Demand): string | undefined {
  if (part === 'scenarios' && operator === 'equals') return `put the scenario '${at}' into the state ${expected}`
  if (part === 'times' || part === 'choose') return 'begin anew with a reset, or give the endpoint an answer that is never used up'
  if (part === 'overlay') return 'put the overlay there anew, or without `times`'
  if (operator === 'any') return anyOf(parts)
  const place = PLACES[part]?.(at)
  if (operator === 'absent') return part === 'body' && at !== '' ? `take ${at} out of the body` : place && `leave ${place} out`
  if (operator === 'exists') return part === 'body' && at !== '' ? `put ${at} into the body` : place && `send ${place}`
  if (expected === HIDDEN) return place && `send the right value as ${place}`
  if (operator === 'equals' && model !== undefined) return SET[part]?.(model, at)
  const word = WORDS[operator]
  return word === undefined || place === undefined ? undefined : `let ${place} ${word} ${expected}`
}

/** Of alternatives, what the nearest asks for. */
function anyOf (parts: Verdict['parts'] = []): string | undefined {
  const wrong = parts.filter(({ holds }) => !holds).sort((a, b) => a.distance - b.distance)
  const remedies = wrong.slice(0, 2).flatMap(part => remedyOf(part) ?? [])
  return remedies.length === 0 ? undefined : listWords(remedies, 'or')
}

const text = (value: unknown): string => typeof value === 'string' ? value : show(value)
