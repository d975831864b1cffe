/** Something about a request that does not fit what is configured. */
export interface Violation {
  /** Which part of the request. */
  in: RequestPart
  /** JSON pointer (RFC 6901) into that part: `/address/zip`; of a property that is missing, where it would be. */
  pointer: string
  /** The JSON Schema keyword that is not met, or one of `security`, `content-type`, `json`, `unknown`. */
  rule: string
  /** The keyword's value, or what is expected in words. */
  expected: unknown
  /** `must be integer` */
  message: string
  /** What was there instead, if it is short and no secret. */
  actual?: string | number | boolean | null
  /** Where the rule stands: `#/schemas/Pet/properties/id/type`, or relative to the endpoint, `schema/querystring/properties/page/type`. */
  schema_pointer?: string
  /** The same in the file that it comes from: `openapi.yaml:12`. */
  place?: string
}

export type RequestPart = 'body' | 'query' | 'path' | 'header' | 'cookie'

/** What Fastify calls the parts in its messages. */
const FASTIFY_WORDS: Readonly<Record<RequestPart, string>> = { body: 'body', query: 'querystring', path: 'params', header: 'headers', cookie: 'cookies' }

/** These are about a property by its parent: it is the parent that must have it, or must not. */
const ABOUT_PARENT = new Set(['required', 'additionalProperties', 'unevaluatedProperties', 'dependentRequired', 'propertyNames'])

/** The pointer to what a message is about: `must have required property 'a'` is said of the object, not of what it lacks. */
export const subjectOf = ({ rule, pointer }: Pick<Violation, 'rule' | 'pointer'>): string =>
  ABOUT_PARENT.has(rule) ? pointer.slice(0, pointer.lastIndexOf('/')) : pointer

/**
 * One line for people.
 *
 * @example
 * violationText({ in: 'query', pointer: '/page', rule: 'type', expected: 'integer', message: 'must be integer' })
 * // 'query/page must be integer'
 */
export function violationText (violation: Violation, words: Readonly<Record<RequestPart, string>> = OWN_WORDS): string {
  return `${words[violation.in]}${subjectOf(violation)} ${violation.message}`
}

const OWN_WORDS: Readonly<Record<RequestPart, string>> = { body: 'body', query: 'query', path: 'path', header: 'header', cookie: 'cookie' }

/** The message that Fastify's own validation gives, with every violation instead of the first one. */
export const fastifyMessage = (violations: readonly Violation[]): string =>
  violations.map(violation => violationText(violation, FASTIFY_WORDS)).join(', ')

const TOLD = 5
const LONGEST_HEADER = 1_000

/** The violations as the value of a response header: visible ASCII, bounded. */
export function violationsHeader (violations: readonly Violation[]): string {
  const told = violations.slice(0, TOLD).map(violation => violationText(violation))
  const rest = violations.length > TOLD ? [`${violations.length - TOLD} more`] : []
  const text = [...told, ...rest].join('; ').replace(/[^\u0020-\u007E]/gu, encode)
  return text.length > LONGEST_HEADER ? `${text.slice(0, LONGEST_HEADER - 3)}...` : text
}

const encode = (character: string): string => Buffer.from(character).toString('hex').replace(/../g, byte => `%${byte.toUpperCase()}`)
