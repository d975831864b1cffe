import { routePath } from '../path.ts'
import { linearRegExp } from '../schema/linear-regexp.ts'
import { toWord, type Word } from './segment-cost.ts'

/** A configured path, cut into segments that can be compared with those of a request. */
export interface PathPattern {
  segments: readonly PatternSegment[]
  /** Whether it ends with `/`. */
  trailingSlash: boolean
}

export type PatternSegment =
  | { kind: 'literal', label: string } & Word
  /** Any text but none. */
  | { kind: 'parameter', label: string }
  /** Parameters with regular expressions, or with text around them. */
  | { kind: 'shaped', text: string, label: string, fits: Shape }
  /** The rest of the path, behind the text that the segment begins with. */
  | { kind: 'wildcard', text: string, label: string }

/**
 * Whether text has the shape; undefined when that cannot be told, because the regular expression has no form that is safe to
 * run on what a client sent.
 */
export type Shape = (text: string) => boolean | undefined

/**
 * The patterns of a path: two when its last parameter is optional, else one. `label` is the segment as it is configured.
 *
 * @example
 * parsePattern('/users/{id}') // [{ segments: [{ kind: 'literal', … }, { kind: 'parameter', label: '{id}' }], … }]
 */
export function parsePattern (path: string): PathPattern[] {
  const isOptional = path.endsWith('?') && !path.includes('{')
  const routed = split(routePath(isOptional ? path.slice(0, -1) : path).url)
  const labels = path.includes('{') ? split(path) : routed
  const trailingSlash = routed.length > 1 && routed.at(-1) === ''
  if (routed.at(-1) === '') routed.pop()
  const segments = routed.map((text, index) => toSegment(text, labels[index] ?? text))
  const whole = { segments, trailingSlash }
  return isOptional ? [whole, { segments: segments.slice(0, -1), trailingSlash: false }] : [whole]
}

/** Cuts at slashes, but not inside a regular expression's parentheses; the leading slash makes no segment. */
function split (path: string): string[] {
  const segments = []
  let depth = 0
  let from = path.startsWith('/') ? 1 : 0
  for (let i = from; i < path.length; i++) {
    const char = path[i]
    if (char === '\\' && depth > 0) i++
    else if (char === '(') depth++
    else if (char === ')') depth = Math.max(0, depth - 1)
    else if (char === '/' && depth === 0) {
      segments.push(path.slice(from, i))
      from = i + 1
    }
  }
  segments.push(path.slice(from))
  return segments
}

function toSegment (text: string, label: string): PatternSegment {
  if (text.endsWith('*')) return { kind: 'wildcard', text: text.slice(0, -1), label }
  if (/^:\w+$/.test(text)) return { kind: 'parameter', label }
  const literal = text.replaceAll('::', '\0')
  if (literal.includes(':')) return { kind: 'shaped', text, label, fits: lazyShape(text) }
  return { kind: 'literal', label, ...toWord(literal.replaceAll('\0', ':')) }
}

const PARAMETER = /::|:\w+(\((?:\\.|[^()\\]|\((?:\\.|[^()\\])*\))*\))?|[\\^$.*+?()[\]{}|]/g

/** Compiled when it is first asked, which for most never happens. */
function lazyShape (segment: string): Shape {
  let shape: Shape | undefined
  return text => {
    shape ??= compileShape(segment)
    return shape(text)
  }
}

function compileShape (segment: string): Shape {
  const pattern = segment.replace(PARAMETER, (match, expression?: string) => {
    if (expression !== undefined) return `(?:${expression.slice(1, -1).replace(/^\^/, '').replace(/\$$/, '')})`
    if (match === '::') return ':'
    return match.startsWith(':') ? '[^/]+?' : `\\${match}`
  })
  try {
    const regExp = linearRegExp(`^(?:${pattern})$`)
    return text => regExp.test(text)
  } catch {
    return () => undefined
  }
}
