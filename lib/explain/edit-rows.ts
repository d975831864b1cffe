import type { PatternSegment } from './path-pattern.ts'
import { COST, missingCost, segmentCost, type Word } from './segment-cost.ts'

/**
 * Rows of the edit distance between a pattern and a path, by segments: `row[column]` is what it costs to turn the pattern's
 * segments so far into the path's first `column` ones.
 */
export type Row = number[]

/** Nothing of the pattern yet: all of the path stands in front. */
export function firstRow (width: number): Row {
  return Array.from({ length: width + 1 }, (_, column) => column * COST.front)
}

/**
 * The row after one more segment of the pattern: the cheapest of leaving it out, taking the path's for one too many, or
 * taking one for the other. What reaches `bound` is not worked out: comparing words is what takes time.
 */
export function nextRow (segment: PatternSegment, row: Row, words: readonly Word[], bound = Infinity, into: Row = []): Row {
  const missing = missingCost(segment)
  let left = row[0]! + COST.front
  into[0] = left
  for (let column = 1; column < row.length; column++) {
    const paired = row[column - 1]!
    const gap = Math.min(row[column]! + missing, left + COST.gap)
    left = paired >= gap || paired >= bound ? gap : Math.min(gap, paired + segmentCost(segment, words[column - 1]!))
    into[column] = left
  }
  return into
}
