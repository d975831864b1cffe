import Negotiator from 'negotiator'

/** Which of the types on offer a client accepts best, by its index; undefined when it accepts none. */
export type Negotiate = (accept: string) => number | undefined

/** So many headers are remembered for each set of types: clients send few different ones. */
const REMEMBERED = 50

/**
 * Compiles the choice among media types by `Accept` (RFC 9110, section 12.5.1): qualities, ranges, the more specific wins. Where
 * nothing fits exactly, three things are let pass, because clients do them and servers answer them: parameters that no type on offer
 * has (`application/vnd.x+json; version=1`), another type of the same format (`application/vnd.x+json` for `application/json`), and a
 * vendor's JSON for what is no JSON at all.
 *
 * @param offers content types, the preferred first; at least one
 * @example
 * negotiation(['application/json', 'text/csv'])('text/csv, application/json;q=0.5') // 1
 */
export function negotiation (offers: readonly string[]): Negotiate {
  const known = new Map<string, number | undefined>()
  return accept => {
    // An empty header says no more than none.
    if (isAnything(accept)) return 0
    if (known.has(accept)) return known.get(accept)
    const index = negotiate(offers, accept)
    if (known.size >= REMEMBERED) known.clear()
    known.set(accept, index)
    return index
  }
}

/** Whether a header leaves the choice to the server; true for most. */
export const isAnything = (accept: string | undefined): boolean => accept === undefined || accept === '*/*' || accept.trim() === ''

function negotiate (offers: readonly string[], accept: string): number | undefined {
  const attempts = [
    () => best(offers, accept),
    () => best(offers, withoutParameters(accept)),
    () => best(offers.map(formatOf), withoutParameters(accept).split(',').map(formatOf).join()),
    () => isVersion(accept) ? 0 : undefined
  ]
  for (const attempt of attempts) {
    const index = attempt()
    if (index !== undefined) return index
  }
  return undefined
}

function best (offers: readonly string[], accept: string): number | undefined {
  const [type] = new Negotiator({ headers: { accept } }).mediaTypes([...offers])
  return type === undefined ? undefined : offers.indexOf(type)
}

/** All parameters but the quality, which is the header's own. */
const withoutParameters = (accept: string): string => accept.replace(/;\s*(?!q\s*=)[\w!#$%&'*+.^`|~-]+\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s,;]*)\s*/gi, '')

/**
 * Whether a header names nothing but a vendor's types of JSON (RFC 6838, section 3.2): that is which version of an API a client
 * speaks, said with each of its requests, whatever they are answered with. GitHub's own client asks for HTML so.
 */
const isVersion = (accept: string): boolean =>
  accept.split(',').every(type => /^\s*application\/vnd\.[^,;]+\+json\s*(?:;.*)?$/is.test(type))

/** A type named after its format: `application/json` for `application/problem+json`. */
const formatOf = (type: string): string => type.replace(/^\s*[\w.*-]+\/(?:[\w.-]+\+)?(json|xml)\b/i, 'application/$1')
