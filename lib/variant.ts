import type { Answer } from './answer.ts'
import type { Response } from './config.ts'
import type { LatencySampler } from './latency.ts'
import { parsePrefer } from './prefer.ts'

/** One answer of an endpoint, and how it comes. */
export interface Variant {
  readonly name?: string
  /** The statuses that it is an answer for besides its own. */
  readonly standsFor?: NonNullable<Response['stands_for']>
  readonly answer: Answer
  readonly latency?: LatencySampler
  readonly failure?: { readonly rate: number, readonly answers: readonly Answer[] }
}

/** Picks the answer that a request asks for; a text says why there is none such. */
export type VariantChooser = (headers: { prefer?: string | string[] | undefined, accept?: string | undefined }) => Choice

export type Choice =
  | { variant: Variant, applied?: string }
  | { missing: string }

/**
 * Compiles the choice among an endpoint's variants. The first is the default; `Prefer: code=404` asks for a status,
 * `Prefer: example=name` for a variant by its name (RFC 7240), both together for a variant of that status and name.
 */
export function variantChooser (variants: readonly [Variant, ...Variant[]]): VariantChooser {
  const usual: Choice = { variant: variants[0] }
  return ({ prefer }) => {
    if (prefer === undefined) return usual
    const preferences = parsePrefer(prefer)
    const code = preferences.get('code')
    const name = preferences.get('example')
    if (code === undefined && name === undefined) return usual
    const found = variants.find(variant =>
      (code === undefined || String(variant.answer.status) === code) && (name === undefined || variant.name === name))
    if (found === undefined) return { missing: describe(variants, code, name) }
    const applied = [code === undefined ? [] : `code=${code}`, name === undefined ? [] : `example=${quoted(name)}`].flat().join(', ')
    return { variant: found, applied }
  }
}

function describe (variants: readonly Variant[], code: string | undefined, name: string | undefined): string {
  const asked = [code === undefined ? [] : `status ${code}`, name === undefined ? [] : `name '${name}'`].flat().join(' and ')
  const known = variants.map(({ answer, name }) => name === undefined ? `${answer.status}` : `${answer.status} '${name}'`)
  return `The request prefers an answer with ${asked}, which this endpoint does not have. It has: ${known.join(', ')}.`
}

const quoted = (text: string): string => /^[\w!#$%&'*+.^`|~-]+$/.test(text) ? text : `"${text.replace(/[\\"]/g, '\\$&')}"`
