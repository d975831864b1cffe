import { messageOf } from '../../message-of.ts'
import { HelperFault } from '../error.ts'
import { number, text } from './argument.ts'

const formats = new Map<string, Intl.NumberFormat>()

/**
 * `numberFormat n 'percent'`, `'integer'`, `'currency'`, a pattern like `'#,##0.00'`, or any option of Intl.NumberFormat
 * by its name; `locale=` (en-US), `currency=` (USD).
 */
export function numberFormat ([value, style, second]: readonly unknown[], hash: Readonly<Record<string, unknown>>): string | undefined {
  const parsed = number(value)
  if (parsed === undefined) return undefined
  const { locale = second ?? 'en-US', ...options } = hash
  const key = JSON.stringify([locale, style, options])
  let format = formats.get(key)
  if (format === undefined) {
    try {
      format = new Intl.NumberFormat(text(locale).replace('_', '-'), { ...styleOptions(text(style), hash), ...options })
    } catch (error) {
      throw new HelperFault(messageOf(error))
    }
    // What a request chooses must not fill the memory.
    if (formats.size >= 100) formats.clear()
    formats.set(key, format)
  }
  return format.format(parsed)
}

function styleOptions (style: string, hash: Readonly<Record<string, unknown>>): Intl.NumberFormatOptions {
  switch (style) {
    case '': return {}
    case 'integer': return { maximumFractionDigits: 0 }
    case 'percent': return { style: 'percent' }
    case 'currency': return { style: 'currency', currency: text(hash.currency ?? 'USD') }
  }
  const match = /^([#,0]+)(?:\.(0*)(#*))?(%?)$/.exec(style)
  if (match === null) throw new HelperFault(`unknown number format '${style}'`, "integer, percent, currency, or a pattern such as '#,##0.00'")
  const [, whole = '', required = '', optional = '', percent] = match
  return {
    style: percent === '%' ? 'percent' : 'decimal',
    useGrouping: whole.includes(','),
    minimumIntegerDigits: Math.max(1, whole.replace(/[^0]/g, '').length),
    minimumFractionDigits: required.length,
    maximumFractionDigits: required.length + optional.length
  }
}
