/** A media type without its parameters, in lower case (RFC 9110, section 8.3.1). */
export const essence = (type: string): string => (type.split(';', 1)[0] ?? '').trim().toLowerCase()

/** JSON by any name (RFC 6839, section 3.1), with or without parameters: `text/json`, `model/gltf+json`; a stream of it is something else. */
export const JSON_TYPE = /^(?:(?:application|text)\/json|(?!application\/stream\+json)[\w.+-]+\/[\w.+-]+\+json)\s*(?:;|$)/i

/** XML by any name (RFC 7303); images and web pages are something else to those who read them. */
export const XML_TYPE = /^(?:(?:application|text)\/xml|(?!image\/|application\/xhtml)[\w.+-]+\/[\w.+-]+\+xml)\s*(?:;|$)/i

export const isJsonType = (type: string): boolean => JSON_TYPE.test(type.trim())

export const isXmlType = (type: string): boolean => XML_TYPE.test(type.trim())

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
