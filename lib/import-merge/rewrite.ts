import { isDeepStrictEqual } from 'node:util'
import { applyEdits } from '../config/edit.ts'
import type { Format } from '../config/source.ts'
import type { ImportMerge } from './merge-import.ts'

/**
 * The text of a configuration once a document has been merged into it: what did not change keeps its comments, its order and its
 * layout. The text itself when nothing did.
 *
 * @param mine what the text was read as
 */
export function rewrite (text: string, format: Format, mine: unknown, { stages }: Pick<ImportMerge, 'stages'>): string {
  let result = text
  let before = mine
  for (const stage of stages) {
    if (isDeepStrictEqual(before, stage)) continue
    result = applyEdits(result, format, [{ op: 'replace', pointer: '', value: stage }])
    before = stage
  }
  return result
}
