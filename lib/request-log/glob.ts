/**
 * A glob in which `*` stands for any text, empty too, and everything else for itself. Looks for one piece after the other
 * instead of compiling a regular expression, so that no glob can make it backtrack.
 *
 * @example
 * compileGlob('/users/*')('/users/7/orders') // true
 */
export function compileGlob (glob: string): (text: string) => boolean {
  const [head = '', ...pieces] = glob.split('*')
  const tail = pieces.pop()
  if (tail === undefined) return text => text === glob
  return text => {
    if (text.length < head.length + tail.length || !text.startsWith(head) || !text.endsWith(tail)) return false
    const end = text.length - tail.length
    let at = head.length
    for (const piece of pieces) {
      const found = text.indexOf(piece, at)
      if (found === -1 || found + piece.length > end) return false
      at = found + piece.length
    }
    return true
  }
}
