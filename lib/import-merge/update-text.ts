import { isDeepStrictEqual } from 'node:util'
import { applyEdits } from '../config/edit.ts'
import type { Format } from '../config/source.ts'
import type { ObjectSchema } from '../schema/subschemas.ts'
import { renderConfig } from './file-form.ts'
import { mergeImport, type ImportMerge } from './merge-import.ts'
import type { Side } from './slot.ts'

export interface TextToUpdate {
  /** Tells by its name how a fresh import is written. */
  file: string
  text: string
  format: Format
  /** What the text was read as. */
  value: unknown
  /** What the document gave when it was last imported, if that is known, and what it gives now: both in the form of files. */
  base: ObjectSchema | undefined
  document: ObjectSchema
}

/**
 * The text of a configuration once its document's changes have been brought into it: what did not change keeps its comments, its
 * order and its layout. The very text when nothing did, and that of a fresh import where nobody has touched the file.
 *
 * @param prefer which side counts where both changed the same; default: mine
 */
export function updateText ({ file, text, format, value, base, document }: TextToUpdate, prefer?: Side): { text: string, merge: ImportMerge } {
  const merge = mergeImport({ base, mine: value, document }, prefer)
  const isUntouched = base !== undefined && text === renderConfig(base, file)
  if (isUntouched) return { text: renderConfig(document, file), merge: { ...merge, config: document } }
  return { text: rewrite(text, format, value, merge), merge }
}

function rewrite (text: string, format: Format, mine: unknown, { stages }: ImportMerge): string {
  let result = text
  let before = mine
  for (const stage of stages) {
    if (isDeepStrictEqual(before, stage)) continue
    result = applyEdits(result, format, [{ op: 'replace', pointer: '', value: stage }])
    before = stage
  }
  return result
}
