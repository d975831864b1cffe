const PARAMETER = /;\s*([^\s=;]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))/g

/**
 * The parameters of a header such as Content-Type or Content-Disposition; names in lower case, the first of several counts.
 *
 * Values are taken as browsers write them (HTML, section "Multipart form data"): in quotes, `"` as `%22` and line breaks as
 * `%0D%0A`. A backslash escapes only a quote or itself, since old clients send Windows paths. `filename*` (RFC 8187) wins over
 * `filename`.
 *
 * @example
 * parseParameters('form-data; name="a"; filename="b.txt"') // { name: 'a', filename: 'b.txt' }
 */
export function parseParameters (header: string): Readonly<Record<string, string>> {
  const parameters: Record<string, string> = Object.create(null)
  for (const [, name = '', quoted, token = ''] of header.matchAll(PARAMETER)) {
    const key = name.toLowerCase()
    const value = quoted === undefined ? token.trim() : quoted.replace(/\\(["\\])/g, '$1').replace(/%22|%0D|%0A/gi, decodeURIComponent)
    if (key.endsWith('*')) {
      const extended = decodeExtended(value)
      if (extended !== undefined) parameters[key.slice(0, -1)] = extended
    } else parameters[key] ??= value
  }
  return parameters
}

/** `UTF-8''na%C3%AFve.txt`; undefined when it cannot be read. */
function decodeExtended (value: string): string | undefined {
  const [, charset = '', encoded = ''] = /^([^']*)'[^']*'(.*)$/.exec(value) ?? []
  try {
    if (/^utf-8$/i.test(charset)) return decodeURIComponent(encoded)
    return /^iso-8859-1$/i.test(charset) ? encoded.replace(/%([0-9a-f]{2})/gi, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))) : undefined
  } catch {
    return undefined
  }
}
