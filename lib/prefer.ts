/**
 * Reads a `Prefer` header (RFC 7240, section 2): preferences separated by commas, each `name`, `name=token` or
 * `name="quoted"`, with parameters after semicolons, which are ignored. The first of a name counts.
 *
 * @example
 * parsePrefer('code=404, example="not found"; q=1') // Map { 'code' => '404', 'example' => 'not found' }
 */
export function parsePrefer (header: string | string[]): Map<string, string> {
  const preferences = new Map<string, string>()
  const text = Array.isArray(header) ? header.join(',') : header
  for (const match of text.matchAll(PREFERENCE)) {
    const name = match[1]?.toLowerCase()
    if (name === undefined || preferences.has(name)) continue
    preferences.set(name, match[2] === undefined ? match[3] ?? '' : match[2].replace(/\\(.)/g, '$1'))
  }
  return preferences
}

// Either a preference at the start or after a comma, or anything else that is skipped up to the next comma.
const PREFERENCE = /(?:^|,)\s*([\w!#$%&'*+.^`|~-]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]*)))?(?:\s*;(?:[^,"]|"(?:[^"\\]|\\.)*")*)?/g
