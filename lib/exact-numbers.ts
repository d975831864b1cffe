import { isObject } from './schema/subschemas.ts'

/**
 * Numbers of more digits than JavaScript's hold (integers of 64 bits, long decimals). A document's values stay plain numbers,
 * which every reader of them understands; what was written is remembered beside, by the object or list that holds the number,
 * and is what is written again (RFC 8259, section 6, leaves the precision to the implementations).
 */
const remembered = new WeakMap<object, Map<string, string>>()
/** Nearly always nothing was ever remembered, and nothing has to be looked for. */
let isAny = false

/** Whether the number that a text says is another one once it is read. */
export function losesDigits (text: string): boolean {
  return text.length >= LONG && canonical(text) !== canonical(String(Number(text)))
}

/** Shorter texts are sure to keep their digits. */
const LONG = 16

/** Digits without point and zeros at their ends, and the power of ten that they are multiplied by. */
function canonical (text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text.replaceAll('_', '')) ?? []
  const digits = `${whole}${fraction}`.replace(/^0+/, '')
  const significant = digits.replace(/0+$/, '')
  const power = Number(exponent) - fraction.length + (digits.length - significant.length)
  return significant === '' ? '0' : `${sign === '-' ? '-' : ''}${significant}e${power}`
}

export function rememberDigits (holder: object, key: string | number, digits: string): void {
  let own = remembered.get(holder)
  if (own === undefined) remembered.set(holder, own = new Map())
  own.set(String(key), digits)
  isAny = true
}

/** How a number was written that has lost digits. */
export function digitsOf (holder: object, key: string | number): string | undefined {
  return isAny ? remembered.get(holder)?.get(String(key)) : undefined
}

/** What was remembered of one object counts for its copy as well. */
export function carryDigits<T extends object> (from: object, to: T): T {
  const own = isAny ? remembered.get(from) : undefined
  if (own !== undefined) remembered.set(to, own)
  return to
}

/** The number that stands there: a bigint where it is an integer that no number holds. */
export function exactMember (holder: object, key: string | number, value: unknown): unknown {
  const digits = digitsOf(holder, key)
  return digits !== undefined && /^-?\d+$/.test(digits) ? BigInt(digits) : value
}

const MARK = '\u0001exact '
/** A number of many digits where one may stand; a quick look. */
const CANDIDATE = /(?:^|[:,[\s-])\d[\d.]{15,}/
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

/** `JSON.parse`, which remembers the digits that are lost. */
export function parseExactJson (text: string): unknown {
  const value: unknown = JSON.parse(text)
  if (!CANDIDATE.test(text)) return value
  let isLost = false
  const marked = text.replace(TOKEN, token => {
    if (token.length < LONG || token.startsWith('"') || !losesDigits(token)) return token
    isLost = true
    return JSON.stringify(MARK + token)
  })
  return isLost ? unmark(JSON.parse(marked)) : value
}

/** What a parser that can be told how to read a number puts in the place of one that would lose digits. */
export const markDigits = (text: string): string => MARK + text.replaceAll('_', '')

/** Whether a text is worth the trouble. */
export const mayLoseDigits = (text: string): boolean => CANDIDATE.test(text)

/** Makes numbers of all marks in a value, in place, and remembers how they were written. */
export function unmark (value: unknown): unknown {
  const seen = new Set<object>()
  const visit = (holder: object): void => {
    if (seen.has(holder)) return
    seen.add(holder)
    for (const [key, member] of Object.entries(holder)) {
      if (typeof member === 'object' && member !== null) visit(member)
      else if (typeof member === 'string' && member.startsWith(MARK)) {
        const digits = member.slice(MARK.length)
        Reflect.set(holder, key, Number(digits))
        rememberDigits(holder, key, digits)
      }
    }
  }
  if (typeof value === 'string' && value.startsWith(MARK)) return Number(value.slice(MARK.length))
  if (typeof value === 'object' && value !== null) visit(value)
  return value
}

/** What `JSON.stringify` would have to be told to write the digits that were remembered. */
export function markedMember (holder: unknown, key: string): string | undefined {
  return isAny && typeof holder === 'object' && holder !== null ? remembered.get(holder)?.get(key) : undefined
}

export const hasAnyDigits = (): boolean => isAny

/** A copy with a bigint for each integer that has lost digits, for writers that know bigints; the same where there is none. */
export function withBigints (value: unknown): unknown {
  if (!isAny) return value
  if (Array.isArray(value)) return value.map((item, index) => withBigints(exactMember(value, index, item)))
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, its]) => [key, withBigints(exactMember(value, key, its))]))
}
