/** Parts whose values have names, in the singular. */
const WORDS: Readonly<Record<string, string>> = {
  params: 'parameter', query: 'query', headers: 'header', cookies: 'cookie', auth: 'caller', scenarios: 'scenario', variables: 'variable', collections: 'collection'
}

/**
 * A place of the request, as a sentence about it begins.
 *
 * @example
 * labelOf('headers', 'x-tenant') // 'header x-tenant'
 */
export function labelOf (part: string, at = ''): string {
  const word = WORDS[part] ?? part.replaceAll('_', ' ')
  return at === '' ? word : `${word} ${at}`
}
