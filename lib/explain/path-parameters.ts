import { align } from './align.ts'
import type { PathPattern } from './path-pattern.ts'
import type { Word } from './segment-cost.ts'

/**
 * What the parameters of a pattern would be, as far as a path that need not fit it has something in their places.
 *
 * @example
 * pathParameters(parsePattern('/users/:id')[0], askedPath('/user/7').words) // { id: '7' }
 */
export function pathParameters ({ segments }: PathPattern, words: readonly Word[]): Record<string, string> {
  const found: Record<string, string> = Object.create(null)
  const rest: string[] = []
  for (const { pattern, asked } of align(segments, words)) {
    if (pattern === undefined || asked === undefined) continue
    if (pattern.kind === 'parameter') found[pattern.label.replace(/^:|^\{|\}$/g, '')] = asked.text
    else if (pattern.kind === 'wildcard') rest.push(asked.text)
  }
  if (rest.length > 0) found['*'] = rest.join('/')
  return found
}
