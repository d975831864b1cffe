/** A media type without its parameters, in lower case (RFC 9110, section 8.3.1). */
export const essence = (type: string): string => (type.split(';', 1)[0] ?? '').trim().toLowerCase()

/** JSON by any name: `application/json`, `text/json`, `application/vnd.api+json` (RFC 6839). */
export const isJsonType = (type: string): boolean => /^(?:application|text)\/(?:[\w.+-]+\+)?json$/.test(essence(type))

/** XML by any name (RFC 7303); images and web pages are texts of their own. */
export const isXmlType = (type: string): boolean => /^(?:application|text)\/(?:xml|(?!xhtml)[\w.+-]+\+xml)$/.test(essence(type))

/**
 * Whether a type is the named one or within the named range.
 *
 * @example
 * isWithin('image/png', 'image/*') // true
 */
export function isWithin (type: string, range: string): boolean {
  const wanted = essence(range)
  return wanted === essence(type) || wanted === '*/*' || (wanted.endsWith('/*') && essence(type).startsWith(wanted.slice(0, -1)))
}
