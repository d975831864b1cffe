import { visit, type ParseErrorCode } from 'jsonc-parser'

export interface JsonFault {
  error: ParseErrorCode
  offset: number
  length: number
}

/**
 * JSON with its comments and trailing commas blanked out, so that everything else stands where it stood and `JSON.parse` can read
 * it: jsonc-parser's own values lose a key `__proto__` and the digits of long numbers. Or the first thing that is wrong with it.
 */
export function plainJson (text: string): string | JsonFault {
  const cuts: Array<{ offset: number, length: number }> = []
  let fault: JsonFault | undefined
  let comma: number | undefined
  const forget = (): void => { comma = undefined }
  const end = (): void => {
    if (comma !== undefined) cuts.push({ offset: comma, length: 1 })
    comma = undefined
  }
  visit(text, {
    onError: (error, offset, length) => { fault ??= { error, offset, length } },
    onComment: (offset, length) => { cuts.push({ offset, length }) },
    onSeparator: (character, offset) => { comma = character === ',' ? offset : undefined },
    onObjectBegin: forget,
    onArrayBegin: forget,
    onObjectProperty: forget,
    onLiteralValue: forget,
    onObjectEnd: end,
    onArrayEnd: end
  }, { allowTrailingComma: true, disallowComments: false })
  return fault ?? blank(text, cuts.sort((one, other) => one.offset - other.offset))
}

function blank (text: string, cuts: ReadonlyArray<{ offset: number, length: number }>): string {
  let plain = ''
  let at = 0
  for (const { offset, length } of cuts) {
    plain += text.slice(at, offset) + ' '.repeat(length)
    at = offset + length
  }
  return plain + text.slice(at)
}
