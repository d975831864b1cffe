/**
 * The value of a member of a `baggage` header, percent-decoded; of several of one name, the first. Properties of the member are
 * passed over, and so is what is no member at all.
 *
 * @see https://www.w3.org/TR/baggage/#header-content
 * @example
 * baggageMember('user=7, mock-scope=a%20b;ttl=1', 'mock-scope') // 'a b'
 */
export function baggageMember (header: string, name: string): string | undefined {
  for (const member of header.split(',')) {
    const [pair = ''] = member.split(';', 1)
    const mark = pair.indexOf('=')
    if (mark !== -1 && pair.slice(0, mark).trim() === name) return decode(pair.slice(mark + 1).trim())
  }
  return undefined
}

/** What cannot be decoded is taken as it stands: then it names nothing, and whoever sent it is told. */
function decode (value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
