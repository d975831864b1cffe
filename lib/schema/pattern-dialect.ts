/**
 * Patterns are meant to be those of ECMA-262 (JSON Schema, draft 2020-12, section 6.3.3); documents have those of other languages as
 * well. What tells them apart: inline flags, `\A` and `\z`, POSIX classes, possessive repetitions, groups named as Python does.
 * JavaScript refuses some of these, and takes others to mean something else.
 */
const FOREIGN = /\(\?[imsU-]+[:)]|\\[AzZ]|\[\[?:\^?[a-z]+:\]|[*+?}]\+|\(\?P</

/** Whether a pattern is written in another dialect than JavaScript's. */
export const isForeignPattern = (pattern: string): boolean => FOREIGN.test(pattern)

/** The pattern in the syntax of RE2, which knows most of them: without possessive repetitions, which match no more than greedy ones. */
export function toRe2 (pattern: string): string {
  return isForeignPattern(pattern) ? rewrite(pattern, { '\\Z': '\\z' }, false) : pattern
}

/** The pattern in JavaScript's syntax, as far as making texts for it is concerned: flags are left out. */
export function toEcma (pattern: string): string {
  return isForeignPattern(pattern) ? rewrite(pattern, { '\\A': '^', '\\z': '$', '\\Z': '$' }, true) : pattern
}

const POSIX: Readonly<Record<string, string>> = {
  alpha: 'a-zA-Z', digit: '0-9', alnum: 'a-zA-Z0-9', upper: 'A-Z', lower: 'a-z', space: ' ', blank: ' ', punct: '.,!', xdigit: '0-9a-f', word: 'a-zA-Z0-9_', print: 'a-z', graph: 'a-z', cntrl: '\\t'
}

/** Goes through a pattern piece by piece: escapes, classes, groups. */
function rewrite (pattern: string, escapes: Readonly<Record<string, string>>, forEcma: boolean): string {
  let inClass = false
  return pattern.replace(/\\.|\[:(\^?)([a-z]+):\]|\(\?([imsU-]+)([:)])|\(\?P<|([*+?}])\+|[[\]]/gs, (piece: string, _not?: string, posix?: string, flags?: string, end?: string, repeat?: string) => {
    if (piece.startsWith('\\')) return inClass ? piece : escapes[piece] ?? piece
    if (posix !== undefined) return forEcma ? POSIX[posix] ?? 'a-z' : piece
    if (inClass) {
      if (piece === ']') inClass = false
      return piece
    }
    if (piece === '[') inClass = true
    if (flags !== undefined && forEcma) return end === ':' ? '(?:' : ''
    if (piece === '(?P<' && forEcma) return '(?<'
    return repeat ?? piece
  })
}
