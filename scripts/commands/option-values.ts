import { InvalidArgumentError } from 'commander'
import type { Latency } from '../../lib/config.ts'

/** The values of flags, read from text. Each throws commander's InvalidArgumentError, which names the flag or variable. */

export function parsePort (text: string): number {
  const port = wholeNumber(text)
  if (port === undefined || port > 65_535) throw new InvalidArgumentError('It is a number from 0 to 65535; 0 takes a free port.')
  return port
}

export function parseCount (text: string): number {
  const count = wholeNumber(text)
  if (count === undefined) throw new InvalidArgumentError('It is a whole number, 0 or more.')
  return count
}

/** A number where it looks like one, so that `--seed 7` is the same as `seed: 7` in a file. */
export function parseSeed (text: string): number | string {
  const number = Number(text)
  return /^-?\d+$/.test(text) && Number.isSafeInteger(number) ? number : text
}

export function parseRate (text: string): number {
  const rate = decimal(text)
  if (rate === undefined || rate > 1) throw new InvalidArgumentError('It is a share from 0 (no request fails) to 1 (all fail).')
  return rate
}

/**
 * @example
 * parseLatency('100') // 100
 * parseLatency('100-300') // { min: 100, max: 300 }
 */
export function parseLatency (text: string): Latency {
  const [least = '', most, ...more] = text.split('-').map(part => part.trim().replace(/ms$/, ''))
  const min = decimal(least)
  const max = most === undefined ? min : decimal(most)
  if (min === undefined || max === undefined || max < min || more.length > 0) {
    throw new InvalidArgumentError('It is a time in milliseconds, 100, or a range, 100-300.')
  }
  return most === undefined ? min : { min, max }
}

const UNITS: Readonly<Record<string, number>> = { '': 1, b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 }

/**
 * Bytes; units count in powers of 1024, as everywhere in Fastify.
 *
 * @example
 * parseSize('10mb') // 10485760
 */
export function parseSize (text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([kmg]?)(?:i?b)?$/i.exec(text)
  const size = Math.floor(Number(match?.[1]) * (UNITS[match?.[2]?.toLowerCase() ?? ''] ?? NaN))
  if (!Number.isSafeInteger(size) || size < 1) throw new InvalidArgumentError('It is a size such as 500kb, 10mb or a number of bytes.')
  return size
}

export function parsePrefix (text: string): string {
  if (text !== '' && !text.startsWith('/')) throw new InvalidArgumentError(`It starts with a slash: '/${text}'.`)
  return text.replace(/\/+$/, '')
}

/** Paths, one after the other. In an environment variable, commas stand between several. */
export function collectPaths (text: string, earlier: string[] = []): string[] {
  const paths = text.split(',').map(path => path.trim()).filter(path => path !== '')
  if (paths.length === 0) throw new InvalidArgumentError('It is the path of a file.')
  return [...earlier, ...paths]
}

/** A folder, or the origin of an address; each further one is added. In an environment variable, commas stand between several. */
export function collectPlace (text: string, earlier: string[] = []): string[] {
  const places = text.split(',').map(place => place.trim()).filter(place => place !== '')
  const wrong = places.find(place => /^https?:/i.test(place) && !URL.canParse(place))
  if (places.length === 0 || wrong !== undefined) throw new InvalidArgumentError('It is a folder, or an origin such as https://schemas.example.com.')
  const all = [...earlier, ...places]
  if (all.filter(place => !/^https?:\/\//i.test(place)).length > 1) throw new InvalidArgumentError('It can be one folder: name one that is above them all.')
  return all
}

/** What shells and compose files write for yes and no. */
export function parseSwitch (text: string): boolean {
  if (/^(?:1|true|yes|on)$/i.test(text)) return true
  if (/^(?:0|false|no|off)$/i.test(text)) return false
  throw new InvalidArgumentError("It is 'on' or 'off'.")
}

const wholeNumber = (text: string): number | undefined => /^\d{1,15}$/.test(text) ? Number(text) : undefined

const decimal = (text: string): number | undefined => /^(?:\d+(?:\.\d*)?|\.\d+)$/.test(text) ? Number(text) : undefined
