/** The set of letters that a word is made of, one bit each; letters that share a bit count as one. */
export type Letters = number

export function letters (word: string): Letters {
  let set = 0
  for (let i = 0; i < word.length; i++) set |= 1 << (word.charCodeAt(i) & 31)
  return set
}

/** How many letters one word has that the other lacks. Each takes an edit at least, so the edit distance is no less. */
export function unshared (a: Letters, b: Letters): number {
  return Math.max(countBits(a & ~b), countBits(b & ~a))
}

/** Bits that are set in 32, added up in parallel. */
function countBits (bits: number): number {
  bits -= (bits >>> 1) & 0x55555555
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0F0F0F0F, 0x01010101) >>> 24
}
