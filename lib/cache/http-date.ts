const IMF_FIXDATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/
const RFC_850 = /^[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/
const ASCTIME = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/

/**
 * Reads a date of HTTP, in the form that is sent or in one of the two that are obsolete (RFC 9110, section 5.6.7).
 *
 * @returns milliseconds since the epoch; undefined for what is no date of HTTP
 * @example
 * parseHttpDate('Sun, 06 Nov 1994 08:49:37 GMT') // 784111777000
 */
export function parseHttpDate (text: string): number | undefined {
  const trimmed = text.trim()
  if (IMF_FIXDATE.test(trimmed) || RFC_850.test(trimmed)) return valid(Date.parse(trimmed))
  return ASCTIME.test(trimmed) ? valid(Date.parse(`${trimmed} GMT`)) : undefined
}

/**
 * @param time milliseconds since the epoch; dates of HTTP have whole seconds
 * @example
 * formatHttpDate(784111777000) // 'Sun, 06 Nov 1994 08:49:37 GMT'
 */
export const formatHttpDate = (time: number): string => new Date(time).toUTCString()

/** The same moment in whole seconds, which is all that a date of HTTP can tell. */
export const inSeconds = (time: number): number => Math.floor(time / 1000) * 1000

const valid = (time: number): number | undefined => Number.isNaN(time) ? undefined : time
