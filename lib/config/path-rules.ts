import type { Endpoint } from '../config.ts'
import { routePath, withoutPatterns } from '../path.ts'
import { quote } from './describe.ts'
import type { Finding } from './report.ts'

/** What a path may not have, though it looks like one. */
export function * pathRules ({ path }: Endpoint, pointer: string): Generator<Finding> {
  // Names in braces may be anything, and a last parameter may be optional.
  const plain = path.includes('{') ? path.replace(/\{[^{}]*\}/g, '') : withoutPatterns(path).replace(/(:\w+)\?$/, '$1')
  const cut = /[?#]/.exec(plain)?.[0]
  if (cut === '?') {
    yield { code: 'query-in-path', message: `${quote(path)} has a query, which is no part of a path`, hint: "one that belongs to the address goes into 'match', others are described by 'schema.querystring'", pointer }
  } else if (cut === '#') {
    yield { code: 'fragment-in-path', message: `${quote(path)} has a fragment, which is never sent to a server`, hint: 'write what stands before the #', pointer }
  }
  const { names } = routePath(path)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) {
    yield { code: 'duplicate-parameter', message: `the path parameter ${quote(twice)} stands twice in ${quote(path)}`, hint: 'give each a name of its own', pointer }
  }
}
