/** What stands between the members of a list or an object that is written as one text, by the `style` of OpenAPI. */
export const SEPARATORS: Readonly<Record<string, string>> = { form: ',', simple: ',', spaceDelimited: ' ', pipeDelimited: '|', tabDelimited: '\t' }

/** `a,b,c` as a list; `k,v,k,v` or, exploded, `k=v,k=v` as an object. */
export function delimited (text: string, separator: string, shape: 'array' | 'object' | undefined, explode: boolean): unknown {
  if (shape === undefined) return text
  const parts = text === '' ? [] : text.split(separator)
  if (shape === 'array') return parts
  if (explode) return Object.fromEntries(parts.map(part => splitOnce(part, '=')))
  return Object.fromEntries(parts.flatMap((part, i) => i % 2 === 0 ? [[part, parts[i + 1] ?? '']] : []))
}

/** What stands before the first separator, and what after it. */
export function splitOnce (text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)]
}
