import type { Diagnostic } from '../diagnostic.ts'

/** From 1, both. */
export interface Position {
  line: number
  column: number
}

/**
 * Where the thing at a JSON pointer stands in its source: the value itself, or the key that names it. Of a pointer that
 * leads nowhere, the place of the nearest thing on the way.
 */
export type Locate = (pointer: string, target?: 'key' | 'value') => (Position & { file?: string }) | undefined

/** Where the parts of a configuration stand, which may have been made from something else: a bare list, an OpenAPI document. */
export interface Place {
  /** Absolute path; absent for code. */
  readonly file?: string
  /** The pointer into the source that a pointer into the configuration stands for. */
  pointer (pointer: string): string
  /** Costs a parse of the source, the first time. */
  position (pointer: string, target?: 'key' | 'value'): Position | undefined
  /** Where a keyword stands that a violation of an endpoint's names; absent where the pointers of the two are the same. */
  rule? (endpoint: string, rule: string): Position | undefined
}

type Placed = Pick<Diagnostic, 'pointer' | 'file' | 'line' | 'column'>

/** A place as a diagnostic tells it. */
export function placeAt (place: Place, pointer: string, target?: 'key' | 'value'): Placed {
  const { file } = place
  return { pointer: place.pointer(pointer), ...file !== undefined && { file }, ...place.position(pointer, target) }
}

/** `mocks/users.yaml:12:5`, or the pointer of something that stands in no file. */
export function formatPlace (place: Place, at: string, target?: 'key' | 'value'): string {
  const { file, line, column, pointer } = placeAt(place, at, target)
  if (file === undefined) return pointer === '' ? 'the configuration' : pointer
  return line === undefined ? `${file} ${pointer}`.trimEnd() : `${file}:${line}:${column ?? 1}`
}

/** Turns offsets into lines and columns; the line starts are collected at the first question. */
export function createLineIndex (text: string): (offset: number) => Position {
  let starts: number[] | undefined
  return offset => {
    starts ??= lineStarts(text)
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if (starts[middle]! <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: offset - starts[low]! + 1 }
  }
}

function lineStarts (text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}
