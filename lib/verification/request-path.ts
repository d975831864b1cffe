import findMyWay from 'find-my-way'
import type { Verdict } from '../condition/verdict.ts'
import { MOCK_ERR_REQUEST_PATTERN } from '../errors.ts'
import { askedPath } from '../explain/asked-path.ts'
import { parsePattern } from '../explain/path-pattern.ts'
import { hasCommonWord, pathDifferences } from '../explain/path-stage.ts'
import { quote } from '../explain/stage.ts'
import { messageOf } from '../message-of.ts'
import { routePath } from '../path.ts'
import { compileGlob } from '../request-log/glob.ts'

/** A path of a claim: as endpoints have it, or a glob. */
export interface RequestPath {
  /** The parameters of a path that fits, undefined of one that does not. */
  match (path: string): Readonly<Record<string, string>> | undefined
  judge (path: string): Verdict
}

type Judge = (path: string) => Pick<Verdict, 'message' | 'distance'>

/**
 * Compiles the path of a claim. Parameters take what the router gives them; a `*` that is not the whole rest of the path stands for
 * any text.
 *
 * @example
 * compileRequestPath('/users/:id').match('/users/7') // { id: '7' }
 */
export function compileRequestPath (path: string): RequestPath {
  if (!path.startsWith('/') && !path.startsWith('*')) throw new MOCK_ERR_REQUEST_PATTERN(`the path '${path}' does not start with a slash`)
  const isGlob = path.replace(/\/\*$/, '').includes('*')
  const match = isGlob ? globMatch(path) : routeMatch(path)
  const tell = isGlob ? globJudge(path) : routeJudge(path)
  return {
    match,
    judge (actual) {
      const holds = match(actual) !== undefined
      const verdict = { part: 'path', operator: 'is', expected: quote(path), actual: quote(actual) }
      return holds ? { ...verdict, holds, message: '', distance: 0 } : { ...verdict, holds, ...tell(actual) }
    }
  }
}

function globMatch (glob: string): RequestPath['match'] {
  const fits = compileGlob(glob)
  return path => fits(path) ? {} : undefined
}

function routeMatch (path: string): RequestPath['match'] {
  const { url, aliases } = routePath(path)
  const router = findMyWay({ maxParamLength: 16_384 })
  try {
    router.on('GET', url, () => {})
  } catch (cause) {
    throw new MOCK_ERR_REQUEST_PATTERN(`the path '${path}' cannot be read: ${messageOf(cause)}`, { cause })
  }
  return asked => {
    const found = router.find('GET', asked)
    if (found === null) return undefined
    // Own properties only: the router's object has no prototype, and names are whatever the path says.
    return Object.fromEntries(Object.entries(found.params).flatMap(([name, value]) => value === undefined ? [] : [[aliases?.get(name) ?? name, value]]))
  }
}

/** How far apart two paths are told as the 404 tells it. */
function routeJudge (path: string): Judge {
  const patterns = parsePattern(path)
  return asked => {
    const words = askedPath(asked)
    const judged = patterns.map(pattern => {
      const findings = pathDifferences(pattern, words)
      const cost = findings.reduce((sum, { cost }) => sum + cost, 0)
      // Parameters fit everything: without a word in common, two paths are alike in nothing.
      const isAlike = pattern.segments.every(({ kind }) => kind !== 'literal') || hasCommonWord({ pattern }, { path: words })
      return { findings, cost, share: isAlike ? cost / Math.max(words.words.length, pattern.segments.length, 1) : 1 }
    })
    const [nearest] = judged.sort((a, b) => a.cost - b.cost)
    if (nearest === undefined || nearest.findings.length === 0) return { message: `path is ${quote(asked)}, expected ${quote(path)}`, distance: 0.5 }
    const slips = nearest.findings.map(({ message }) => message.replace('which is not configured', 'which is not expected')).join(', and ')
    return { message: nearest.share > FAR_SHARE ? `path is ${quote(asked)}, expected ${quote(path)}` : slips, distance: Math.max(0.01, Math.min(1, nearest.share)) }
  }
}

/** Beyond this share of the segments, two paths have too little in common for a comparison of segments to say anything. */
const FAR_SHARE = 0.6

/** A glob has no segments to compare: what it begins with has to do. */
function globJudge (glob: string): Judge {
  const [head = ''] = glob.split('*', 1)
  return asked => {
    let common = 0
    while (common < head.length && asked[common] === head[common]) common++
    return { message: `path is ${quote(asked)}, which does not fit ${quote(glob)}`, distance: head === '' ? 0.5 : Math.max(0.05, 1 - common / head.length) }
  }
}
