import { firstRow, nextRow, type Row } from './edit-rows.ts'
import type { PatternSegment } from './path-pattern.ts'
import { COST, segmentCost, type Word } from './segment-cost.ts'

/** How a pattern and a path lie side by side: a segment that stands alone is missing, or one too many. */
export type Step =
  | { pattern: PatternSegment, asked: Word }
  | { pattern: PatternSegment, asked?: undefined }
  | { pattern?: undefined, asked: Word }

/** The cheapest way to lay them side by side, traced back through the rows of their edit distance. */
export function align (segments: readonly PatternSegment[], words: readonly Word[]): Step[] {
  const rows = [firstRow(words.length)]
  for (const segment of segments) rows.push(nextRow(segment, rows.at(-1)!, words))

  const steps: Step[] = []
  const last = segments.at(-1)
  let row = segments.length
  let column = words.length
  // A wildcard takes all that follows, so it ends wherever that is cheapest.
  if (last?.kind === 'wildcard') {
    const end = cheapest(rows[row]!)
    for (; column > end; column--) steps.push({ pattern: last, asked: words[column - 1]! })
  }
  while (row > 0 || column > 0) {
    const pattern = segments[row - 1]
    const asked = words[column - 1]
    const cost = rows[row]![column]!
    // Of equals, what is at the end of the path is the one too many.
    if (pattern === undefined || (asked !== undefined && cost === rows[row]![column - 1]! + COST.gap)) {
      if (asked !== undefined) steps.push({ asked })
      column--
    } else if (asked !== undefined && cost === rows[row - 1]![column - 1]! + segmentCost(pattern, asked)) {
      steps.push({ pattern, asked })
      row--
      column--
    } else {
      steps.push({ pattern })
      row--
    }
  }
  return steps.reverse()
}

const cheapest = (row: Row): number => row.indexOf(Math.min(...row))
