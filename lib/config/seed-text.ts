import { parseExactJson } from '../exact-numbers.ts'
import { tokens } from '../json-pointer.ts'
import { own } from '../template/own.ts'
import { messageOf } from '../message-of.ts'
import { parseSource, type Source } from './source.ts'

/** The rows of a file, or why there are none. */
export type SeedText = { rows: readonly unknown[], source?: Source } | { problem: string, source?: Source }

/** Longer lists are read part by part, so that the server goes on answering. */
const LONG = 200_000

/** So much of a list is read between two pauses. */
const PART = 64_000

/**
 * Reads the rows of a file: what it is called says whether it is JSON Lines; all else is JSON or YAML. Offers pauses, but for YAML.
 *
 * @param pointer JSON pointer (RFC 6901) to the list; '' for the whole file
 */
export function * parseSeed (text: string, file: string, pointer: string): Generator<void, SeedText> {
  if (/\.(?:jsonl|ndjson)$/i.test(file)) return yield * parseLines(text)
  const parts = pointer === '' && text.length > LONG ? yield * parseLongList(text) : undefined
  if (parts !== undefined) return { rows: parts }
  const source = parseSource(text, { file })
  const [error] = source.errors
  if (error !== undefined) return { problem: error.message, source }
  const value = tokens(pointer).reduce(own, source.value)
  if (!Array.isArray(value)) return { problem: pointer === '' ? 'it has to be a list of rows' : `there is no list of rows at ${pointer}`, source }
  return { rows: value, source }
}

function * parseLines (text: string): Generator<void, SeedText> {
  const rows: unknown[] = []
  let number = 0
  for (const line of text.split('\n')) {
    if (++number % 500 === 0) yield
    if (line.trim() === '') continue
    try {
      rows.push(parseExactJson(line))
    } catch (error) {
      return { problem: `line ${number} is no JSON: ${messageOf(error)}` }
    }
  }
  return { rows }
}

/** A list in plain JSON; undefined for all else, which others read, and tell what is wrong with it. */
function * parseLongList (text: string): Generator<void, unknown[] | undefined> {
  const start = /^\uFEFF?\s*\[/.exec(text)?.[0].length
  if (start === undefined) return undefined
  const rows: unknown[] = []
  let from = start
  try {
    for (const to of bordersOf(text, start)) {
      if (to - from < PART && text[to] === ',') continue
      const part: unknown = parseExactJson(`[${text.slice(from, to)}]`)
      if (!Array.isArray(part)) return undefined
      for (const row of part) rows.push(row)
      from = to + 1
      if (text[to] === ']') return text.slice(from).trim() === '' ? rows : undefined
      yield
    }
  } catch {
    return undefined
  }
  return undefined
}

/** Where the commas between the items of a list are, and its end. */
function * bordersOf (text: string, start: number): Generator<number> {
  let depth = 0
  let isText = false
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (isText) {
      if (code === 0x5C) i++
      else if (code === 0x22) isText = false
    } else if (code === 0x22) isText = true
    else if (code === 0x7B || code === 0x5B) depth++
    else if (code === 0x2C && depth === 0) yield i
    else if (code === 0x7D || code === 0x5D) {
      if (depth === 0) return yield i
      depth--
    }
  }
}
