import { readFile } from 'node:fs/promises'
import type { LoadedConfig } from '../lib/config/load.ts'
import type { Locate } from '../lib/config/place.ts'
import { parseSource } from '../lib/config/source.ts'
import { placeInFiles } from '../lib/openapi/findings.ts'
import type { JsonObject } from '../lib/openapi/json-object.ts'
import { createRefs, type Refs } from '../lib/openapi/refs.ts'
import { locateExample } from '../lib/verify/locate-example.ts'
import type { BrokenAnswer } from '../lib/verify/verify-answers.ts'

export interface Place {
  file?: string
  /** JSON pointer to what is wrong, in that file. */
  pointer: string
  line?: number
  column?: number
}

/** Finds where broken answers stand: the example in its document, also in one of its other files, or the key in a configuration. */
export function createPlaces () {
  const documents = new Map<string, Refs>()
  const locators = new Map<string, Promise<Locate>>()

  /** Positions take a parse of their own: only of the files that something is told of, and once. */
  function locatorOf (file: string): Promise<Locate> {
    let locate = locators.get(file)
    if (locate === undefined) {
      locate = readFile(file, 'utf8').then(text => parseSource(text, { file }).locate, () => () => undefined)
      locators.set(file, locate)
    }
    return locate
  }

  return {
    know (file: string, document: JsonObject): void {
      documents.set(file, createRefs(document))
    },
    async of ({ origins, config }: LoadedConfig, { index, response, violations }: BrokenAnswer): Promise<Place & { isDocument: boolean }> {
      const origin = origins[index]
      const inside = violations[0]?.pointer ?? ''
      const refs = documents.get(origin?.file ?? '')
      if (refs === undefined || origin === undefined) {
        const pointer = `${response === -1 ? '' : `/responses/${response}`}/response${inside}`
        return { isDocument: false, ...origin?.file !== undefined && { file: origin.file }, pointer: `${origin?.pointer ?? ''}${pointer}`, ...origin?.locate(pointer) }
      }
      const answer = config.endpoints?.[index]?.responses?.[response]
      const example = answer?.response === undefined ? undefined : locateExample(refs, origin.pointer, answer)
      const found = placeInFiles(example === undefined ? origin.pointer : example + inside, origin.file)
      const position = found.file === undefined ? undefined : (await locatorOf(found.file))(found.pointer, example === undefined ? 'key' : 'value')
      return { isDocument: true, ...found, ...position !== undefined && { line: position.line, column: position.column } }
    }
  }
}
