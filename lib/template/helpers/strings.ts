import { HelperFault } from '../error.ts'
import { conditions, type HelperFunction, type HelperTable } from '../helper.ts'
import type { TemplateLimits } from '../limits.ts'
import { equal } from './equal.ts'
import { flag, integer, text } from './argument.ts'

const map = (change: (value: string) => string): HelperFunction => ([value]) => change(text(value))

const upper = map(value => value.toUpperCase())
const lower = map(value => value.toLowerCase())

/** Text without marks and signs, for addresses: `Crème brûlée!` is `creme-brulee`. */
const slug = map(value => value.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, ''))

const words = (value: string) => value
  .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
  .split(/[^\p{L}\p{N}]+/u)
  .filter(word => word !== '')
  .map(word => word.toLowerCase())

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

const contains: HelperFunction = ([hay, needle]) => Array.isArray(hay)
  ? hay.some(item => equal(item, needle))
  : text(hay).includes(text(needle))

/** Helpers for text; `limits` bounds what may be made longer. */
export function stringHelpers ({ output }: TemplateLimits): HelperTable {
  const width = (value: unknown) => {
    const length = Math.max(0, integer(value, 0))
    if (length > output) throw new HelperFault(`${length} characters are more than ${output}`)
    return length
  }
  const padding = (pad: (value: string, length: number, fill: string) => string): HelperFunction => ([value, length, fill = ' ']) =>
    pad(text(value), width(length), text(fill))
  // Each piece that is replaced may grow: what could pass the limit is refused before it is made.
  const bounded = (value: string, pieces: number, each: string) => {
    if (value.length + pieces * each.length > output) throw new HelperFault(`result is longer than ${output} characters`)
    return value
  }
  const replaceAll = (value: unknown, search: unknown, by: unknown) => {
    const [whole, part, replacement] = [text(value), text(search), text(by)]
    return part === '' ? whole : bounded(whole, whole.split(part).length - 1, replacement).replaceAll(part, () => replacement)
  }

  return {
    upper,
    uppercase: upper,
    toUpperCase: upper,
    lower,
    lowercase: lower,
    toLowerCase: lower,
    capitalize: map(value => value.replace(/(^|\s)(\S)/gu, (_, space: string, letter: string) => space + letter.toUpperCase())),
    capitalizeFirst: map(capital),
    camelCase: map(value => words(value).map((word, index) => index === 0 ? word : capital(word)).join('')),
    kebabCase: map(value => words(value).join('-')),
    snakeCase: map(value => words(value).join('_')),
    trim: map(value => value.trim()),
    trimStart: map(value => value.trimStart()),
    trimEnd: map(value => value.trimEnd()),
    slug,
    slugify: slug,
    replace: ([value, search, by]) => { const replacement = text(by); return text(value).replace(text(search), () => replacement) },
    replaceAll: ([value, search, by]) => replaceAll(value, search, by),
    cut: ([value, part]) => replaceAll(value, part, ''),
    split: ([value, separator = ' ']) => text(value).split(text(separator)),
    substr: ([value, from, length]) => { const start = integer(from, 0); return text(value).slice(start, length === undefined ? undefined : start + integer(length, 0)) },
    substring: ([value, start, end]) => text(value).substring(integer(start, 0), end === undefined ? undefined : integer(end, 0)),
    padStart: padding((value, length, fill) => value.padStart(length, fill)),
    padEnd: padding((value, length, fill) => value.padEnd(length, fill)),
    abbreviate: ([value, length]) => { const [whole, most] = [text(value), Math.max(3, width(length))]; return whole.length <= most ? whole : `${whole.slice(0, most - 3)}...` },
    indexOf: ([hay, needle, from]) => Array.isArray(hay)
      ? hay.findIndex((item, index) => index >= integer(from, 0) && equal(item, needle))
      : text(hay).indexOf(text(needle), integer(from, 0)),
    repeatText: ([value, times]) => { const [whole, count] = [text(value), width(times)]; return bounded(whole, count, whole).repeat(count) },
    stripTags: map(value => value.replace(/<[^<>]*>/g, '')),
    escapeHtml: map(value => value.replace(/[&<>"']/g, sign => ENTITIES[sign]!)),
    escapeJson: map(value => JSON.stringify(value).slice(1, -1)),
    newline: () => '\n',
    yesno: ([value], { yes = 'yes', no = 'no' }) => flag(value) ? yes : no,
    ...conditions({
      includes: contains,
      contains,
      startsWith: ([value, start]) => text(value).startsWith(text(start)),
      endsWith: ([value, end]) => text(value).endsWith(text(end))
    })
  }
}
