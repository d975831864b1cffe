import { parse, parseTree, printParseErrorCode, type Node, type ParseError, type ParseOptions } from 'jsonc-parser'
import { parseExactJson } from '../exact-numbers.ts'
import { tokens } from '../json-pointer.ts'
import { isTextTooDeep } from './bounds.ts'
import { createLineIndex, type Locate, type Position } from './place.ts'
import { plainJson, type JsonFault } from './plain-json.ts'

const LENIENT: ParseOptions = { allowTrailingComma: true, disallowComments: false }

/** What is missing or wrong, by jsonc-parser's code for it. */
const MEANING: Readonly<Record<string, string>> = {
  InvalidSymbol: 'found %s, which is neither a string in double quotes nor a number, true, false or null',
  InvalidNumberFormat: '%s is not a number',
  PropertyNameExpected: 'expected a key in double quotes, found %s',
  ValueExpected: 'expected a value, found %s',
  ColonExpected: 'expected a colon after the key, found %s',
  CommaExpected: 'expected a comma, found %s',
  CloseBraceExpected: 'expected } at the end of the object, found %s',
  CloseBracketExpected: 'expected ] at the end of the list, found %s',
  EndOfFileExpected: 'expected nothing more, found %s',
  InvalidCommentToken: '%s is not a comment',
  UnexpectedEndOfComment: 'a comment is not closed by */',
  UnexpectedEndOfString: 'a string is not closed by a double quote',
  UnexpectedEndOfNumber: 'the number %s is not complete',
  InvalidUnicode: 'a string holds an invalid \\u escape',
  InvalidEscapeCharacter: 'a string holds an invalid escape: a backslash is written \\\\',
  InvalidCharacter: 'a string holds a control character: a line break is written \\n, a tab \\t'
}

/** A text that could not be read: why, and where. */
export interface SyntaxProblem extends Position {
  message: string
}

/** `isBounded` tells whether the value is known not to be too deep; it takes a look at the text. */
export type ParsedText = { value: unknown, isBounded: () => boolean } | { problem: SyntaxProblem }

/**
 * Reads JSON; also JSON with comments and trailing commas. What is plain JSON costs one `JSON.parse` and no more.
 */
export function parseJson (text: string): ParsedText {
  try {
    return { value: parseExactJson(text), isBounded: () => !isTextTooDeep(text) }
  } catch {
    const plain = plainJson(text)
    return typeof plain === 'string' ? { value: parseExactJson(plain), isBounded: () => false } : { problem: describe(text, plain) }
  }
}

/** Why a text is no JSON, and where; undefined when it is. Comments and trailing commas count as mistakes. */
export function jsonProblem (text: string): SyntaxProblem | undefined {
  const errors: ParseError[] = []
  parse(text, errors, { allowTrailingComma: false, disallowComments: true })
  const [error] = errors
  return error === undefined ? undefined : describe(text, error, 'the end')
}

function describe (text: string, { error, offset, length }: JsonFault, end = 'the end of the file'): SyntaxProblem {
  const found = text.slice(offset, offset + Math.min(length, 30))
  const shown = found === '' ? end : `\`${found.split('\n', 1)[0] ?? ''}\``
  const meaning = MEANING[printParseErrorCode(error)] ?? 'unexpected %s'
  return { message: meaning.replace('%s', () => shown), ...createLineIndex(text)(offset) }
}

/** Finds things in a JSON text; it is parsed with positions at the first question only. */
export function createJsonLocator (text: string): Locate {
  const positionAt = createLineIndex(text)
  let root: Node | undefined
  return (pointer, target = 'value') => {
    root ??= parseTree(text, [], LENIENT)
    if (root === undefined) return undefined
    const path = tokens(pointer)
    let node = root
    let key: Node | undefined
    for (const token of path) {
      const next = step(node, token)
      // A key that is missing is told at the object that misses it.
      if (next === undefined) return positionAt(node.offset)
      node = next.value
      key = next.key
    }
    return positionAt(target === 'key' && key !== undefined ? key.offset : node.offset)
  }
}

function step (node: Node, token: string): { key?: Node, value: Node } | undefined {
  if (node.type === 'array') {
    const value = node.children?.[Number(token)]
    return value === undefined ? undefined : { value }
  }
  // Of two members with one name, JSON.parse keeps the last.
  const property = node.children?.findLast(({ children }) => children?.[0]?.value === token)
  const [key, value] = property?.children ?? []
  return key === undefined || value === undefined ? undefined : { key, value }
}
