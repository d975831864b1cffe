/** A runtime expression in a text: `{$request.body#/id}`, which is not a template's `{{…}}`. */
const EMBEDDED = /(?<!\{)\{(\$[^{}]+)\}(?!\})/g

/** A text that is nothing but an expression needs no braces. */
const BARE = /^\$(?:url|method|statusCode|(?:request|response)\.\S+)$/

/**
 * Turns the runtime expressions in a text into the template engine's own words, so that both may stand in one text, and what is
 * nothing but an expression keeps the type of its value.
 *
 * @example
 * embedExpressions('order {$request.body#/id}') // "order {{runtime '$request.body#/id'}}"
 */
export function embedExpressions (text: string): string {
  return text.includes('{$') ? text.replace(EMBEDDED, (_, expression: string) => call(expression)) : text
}

/** The same for all texts of a JSON value, keys excepted; the very same value where there are none. */
export function embedInValue (value: unknown): unknown {
  if (typeof value === 'string') return embedExpressions(value)
  if (Array.isArray(value)) return value.map(embedInValue)
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, embedInValue(member)]))
}

/**
 * The same for an address. What stands at its beginning is an address itself; further on, values are written as the place
 * demands: as part of a path, or of a query.
 *
 * @example
 * embedInUrl('{$request.body#/url}?id={$request.body#/id}') // "{{runtime '$request.body#/url'}}?id={{runtime '$request.body#/id' as='query'}}"
 */
export function embedInUrl (text: string): string {
  if (BARE.test(text)) return call(text)
  return text.replace(EMBEDDED, (_, expression: string, offset: number) => {
    if (offset === 0) return call(expression)
    return call(expression, text.slice(0, offset).includes('?') ? 'query' : 'path')
  })
}

/** The expressions of an address, as they are written. */
export function expressionsIn (text: string): string[] {
  return BARE.test(text) ? [text] : [...text.matchAll(EMBEDDED)].map(([, expression = '']) => expression)
}

const call = (expression: string, as?: 'path' | 'query'): string =>
  `{{runtime '${expression.replaceAll("'", "\\'")}'${as === undefined ? '' : ` as='${as}'`}}}`
