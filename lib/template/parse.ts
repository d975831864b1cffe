import { createRequire } from 'node:module'
import type { Position, Program } from './ast.ts'
import { TemplateError, placeOf, type Fault } from './error.ts'
import type { TemplateLimits } from './limits.ts'

interface ParserFailure {
  /** What the parser met: `EOF`, `INVALID`, `OPEN_ENDBLOCK` … */
  readonly token?: string | number | null
  readonly text?: string
  readonly loc?: { readonly first_line: number, readonly first_column: number, readonly last_line: number, readonly last_column: number }
  readonly line?: number
}

interface HandlebarsParser {
  parse (source: string): Program
  readonly parser: { parseError?: (message: string, failure: ParserFailure) => never }
}

// The seam: the parser alone costs a fifth of what importing the whole of Handlebars (with its compiler, which we never
// use) costs; it has no types of its own.
const load = createRequire(import.meta.url)
let loaded: HandlebarsParser | undefined
const handlebars = () => (loaded ??= load('handlebars/dist/cjs/handlebars/compiler/base.js') as HandlebarsParser)

class SyntaxFailure extends Error {
  readonly failure: ParserFailure

  constructor (message: string, failure: ParserFailure) {
    super(message)
    this.failure = failure
  }
}

/**
 * Parses a template with Handlebars' own parser, white space control included.
 * Throws a TemplateError that names the place and what is wrong in one line.
 */
export function parse (source: string, pointer: string, limits: TemplateLimits): Program {
  if (source.length > limits.source) {
    throw new TemplateError({ message: `template of ${source.length} characters is longer than ${limits.source}` }, { pointer })
  }
  if (blockDepth(source) > limits.depth) {
    throw new TemplateError({ message: `nested deeper than ${limits.depth} levels` }, { pointer })
  }
  const { parse, parser } = handlebars()
  // Instead of Handlebars' multi-line drawing we want the token; taken back at once, since the module is shared.
  parser.parseError = (message, failure) => { throw new SyntaxFailure(message, failure) }
  try {
    return parseLeniently(source, parse)
  } catch (error) {
    const { fault, position } = explain(source, error)
    throw new TemplateError(fault, placeOf(pointer, position))
  } finally {
    delete parser.parseError
  }
}

/** How deep blocks are nested, about: the parser itself takes seconds for thousands of them. */
function blockDepth (source: string): number {
  let depth = 0
  let deepest = 0
  for (const [, sign] of source.matchAll(/\{\{~?\s*([#/]|\^(?!\s*~?\}\}))/g)) {
    depth = sign === '/' ? depth - 1 : depth + 1
    deepest = Math.max(deepest, depth)
  }
  return deepest
}

/**
 * Handlebars refuses two things that people write: `a.0` at the end of a path (it wants `a.[0]`), and `{"a":{{b}}}`, where
 * it takes three or more braces for one token. Both are mended where it stumbles, and there only.
 */
function parseLeniently (source: string, parse: (source: string) => Program): Program {
  let text = source
  for (let tries = 0; ; tries++) {
    try {
      return parse(text)
    } catch (error) {
      const mended = tries < 1000 ? mend(text, error) : undefined
      if (mended === undefined) throw error
      text = mended
    }
  }
}

function mend (source: string, error: unknown): string | undefined {
  if (!(error instanceof SyntaxFailure) || error.failure.loc === undefined) return undefined
  const { token, loc } = error.failure
  const index = indexAt(source, { line: loc.last_line, column: loc.last_column })
  const [before, after] = [source.slice(0, index), source.slice(index)]
  if (token === 'NUMBER' && before.endsWith('.') && /^\d/.test(after)) return before + after.replace(/^\d+/, '[$&]')
  const close = (before[before.lastIndexOf('{{') - 1] === '{' ? /^\s*~?\}\}\}(?=\})/ : /^\s*~?\}\}(?=\})/).exec(after)?.[0]
  // An empty comment parts the braces, and gives nothing.
  return close === undefined ? undefined : `${before}${close}{{!}}${after.slice(close.length)}`
}

const START: Position = { line: 1, column: 0 }

function explain (source: string, error: unknown): { fault: Fault, position: Position } {
  if (error instanceof RangeError) return { fault: { message: 'template is nested too deeply', cause: error }, position: START }
  if (!(error instanceof SyntaxFailure)) return explainMismatch(error)
  const { token, text = '', loc, line } = error.failure
  const position = loc === undefined
    ? { line: (line ?? 0) + 1, column: 0 }
    // The place that the parser tells is that of the token before.
    : { line: loc.last_line, column: loc.last_column }
  if (source.lastIndexOf('{{') > source.lastIndexOf('}}')) {
    return { fault: { message: "'{{' without '}}'", hint: "write '\\{{' for braces that are no template", cause: error }, position: positionAt(source, source.lastIndexOf('{{')) }
  }
  switch (token) {
    case 'EOF': return unclosed(source, error, position)
    case 'OPEN_ENDBLOCK': return { fault: { message: 'a block is closed that was not opened', cause: error }, position }
    case 'INVERSE':
    case 'OPEN_INVERSE_CHAIN': return { fault: { message: '{{else}} outside of a block', cause: error }, position }
    case 'CLOSE': return { fault: { message: "nothing between '{{' and '}}', or something is missing before '}}'", cause: error }, position }
    default: return { fault: { message: `unexpected '${text === '' ? source.slice(indexAt(source, position)).slice(0, 10) : text}'`, hint: "write '\\{{' for braces that are no template", cause: error }, position }
  }
}

/** `each doesn't match if - 1:3` and `Invalid path: a/../b - 1:2`, with line and column as properties. */
function explainMismatch (error: unknown): { fault: Fault, position: Position } {
  const text = error instanceof Error ? error.message.replace(/ - \d+:\d+$/, '') : String(error)
  const match = /^(.+) doesn't match (.+)$/.exec(text)
  const message = match === null ? text.charAt(0).toLowerCase() + text.slice(1) : `{{#${match[1]}}} is closed by {{/${match[2]}}}`
  // Where the parser says it is, in properties of its own.
  const place = error instanceof Error && 'lineNumber' in error && 'column' in error
    ? { line: Number(error.lineNumber), column: Number(error.column) }
    : START
  return { fault: { message, cause: error }, position: place }
}

/** The innermost block that has no end. */
function unclosed (source: string, cause: unknown, end: Position): { fault: Fault, position: Position } {
  const open: Array<{ name: string, index: number }> = []
  for (const match of source.matchAll(/\{\{~?\s*([#^/])\s*([^\s}|~]+)/g)) {
    if (match[1] === '/') open.pop()
    else open.push({ name: match[2]!, index: match.index })
  }
  const last = open.at(-1)
  if (last === undefined) return { fault: { message: 'template ends too early', cause }, position: end }
  const fault = { message: `{{#${last.name}}} is not closed`, hint: `add {{/${last.name}}}`, cause }
  return { fault, position: positionAt(source, last.index) }
}

function positionAt (source: string, index: number): Position {
  const before = source.slice(0, Math.max(0, index)).split('\n')
  return { line: before.length, column: before.at(-1)!.length }
}

function indexAt (source: string, position: Position): number {
  return source.split('\n').slice(0, position.line - 1).reduce((sum, text) => sum + text.length + 1, 0) + position.column
}
