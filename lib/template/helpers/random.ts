import type { Random } from '../../random.ts'
import { nowOf } from '../context.ts'
import { HelperFault } from '../error.ts'
import { isTruthy, type HelperFunction, type HelperTable } from '../helper.ts'
import type { TemplateLimits } from '../limits.ts'
import { flag, integer, list, number, text } from './argument.ts'
import { stringifyJson } from '../../stringify-json.ts'

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'
const DIGITS = '0123456789'
const HEX = `${DIGITS}abcdef`
const SYMBOLS = '!#$%&()*+,-./:;<=>?@[]^_{|}~'

/** WireMock's names of what `randomValue` is made of. */
const ALPHABETS: Readonly<Record<string, string>> = {
  ALPHANUMERIC: LETTERS + DIGITS,
  ALPHABETIC: LETTERS,
  NUMERIC: DIGITS,
  HEXADECIMAL: HEX,
  ALPHANUMERIC_AND_SYMBOLS: LETTERS + DIGITS + SYMBOLS
}

const hex = (random: Random, length: number) => draw(random, HEX, length)

function draw (random: Random, alphabet: string, length: number): string {
  let drawn = ''
  for (let i = 0; i < length; i++) drawn += alphabet[random.int(0, alphabet.length - 1)]
  return drawn
}

/** 32 random bits, in hex. */
const word = (random: Random) => Math.floor(random.next() * 0x100000000).toString(16).padStart(8, '0')

/** A random UUID, version 4 (RFC 9562, section 5.4). */
function uuid (random: Random): string {
  const [a, b, c, d] = [word(random), word(random), word(random), word(random)]
  const variant = HEX[8 + (parseInt(c[0]!, 16) & 3)]!
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-${variant}${c.slice(1, 4)}-${c.slice(4)}${d}`
}

/** Least and greatest: `min max`, `max` alone, or by name (`lower`, `upper` as WireMock says). */
function bounds (args: readonly unknown[], hash: Readonly<Record<string, unknown>>, least: number, greatest: number): [number, number] {
  const [first, second] = args.map(number)
  const min = number(hash.min ?? hash.lower) ?? (second === undefined ? undefined : first) ?? least
  const max = number(hash.max ?? hash.upper) ?? second ?? first ?? Math.max(min, greatest)
  if (min > max) throw new HelperFault(`least value ${min} is greater than ${max}`)
  return [min, max]
}

const whole = (least: number, greatest: number): HelperFunction => (args, hash, { random }) => {
  const [min, max] = bounds(args, hash, least, greatest)
  return random.int(Math.ceil(min), Math.floor(max))
}

const decimal = (least: number, greatest: number): HelperFunction => ([min, max, digits], hash, { random }) => {
  const [from, to] = bounds(max === undefined ? min === undefined ? [] : [min] : [min, max], hash, least, greatest)
  const value = from + random.next() * (to - from)
  const places = number(digits ?? hash.digits)
  return places === undefined ? value : Number(value.toFixed(Math.min(100, Math.max(0, places))))
}

const bool: HelperFunction = ([probability], _hash, { random }) => random.next() < (number(probability) ?? 0.5)

const asText = (value: unknown, stringify: unknown) => flag(stringify) && typeof value === 'object' ? stringifyJson(value) : value

/** One of a list, or of the arguments; Mockoon's second argument after a list: whether to give JSON text. */
const pick: HelperFunction = (args, _hash, { random }) => {
  const [first, stringify] = args
  const choices = Array.isArray(first) ? first : args
  return choices.length === 0 ? undefined : asText(random.pick(choices), Array.isArray(first) ? stringify : false)
}

function shuffled (items: readonly unknown[], random: Random): unknown[] {
  const result = [...items]
  for (let i = result.length - 1; i > 0; i--) {
    const j = random.int(0, i)
    ;[result[i], result[j]] = [result[j], result[i]]
  }
  return result
}

const someOf: HelperFunction = ([items, min, max, stringify], _hash, { random }) => {
  const all = list(items)
  const least = Math.min(all.length, Math.max(0, integer(min, 1)))
  const most = Math.min(all.length, Math.max(least, integer(max, all.length)))
  return asText(shuffled(all, random).slice(0, random.int(least, most)), stringify)
}

/** `pickWeighted 'ok' 9 'failed' 1` */
const pickWeighted: HelperFunction = (args, _hash, { random }) => {
  const choices = args.flatMap((value, index) => index % 2 === 0 ? [{ value, weight: Math.max(0, number(args[index + 1]) ?? 1) }] : [])
  let rest = random.next() * choices.reduce((total, { weight }) => total + weight, 0)
  return choices.find(({ weight }) => (rest -= weight) < 0)?.value ?? choices.at(-1)?.value
}

/** Everything random: the same seed gives the same. */
export function randomHelpers ({ output }: TemplateLimits): HelperTable {
  const lengthOf = (value: unknown, byDefault: number) => {
    const length = Math.max(0, integer(value, byDefault))
    if (length > output) throw new HelperFault(`${length} characters are more than ${output}`)
    return length
  }
  const string = (alphabet: string): HelperFunction => ([length], hash, { random }) => draw(random, alphabet, lengthOf(length ?? hash.length, 16))
  const makeUuid: HelperFunction = (_args, _hash, { random }) => uuid(random)

  const randomValue: HelperFunction = (_args, hash, { random }) => {
    const type = text(hash.type ?? 'ALPHANUMERIC').toUpperCase()
    const alphabet = Object.hasOwn(ALPHABETS, type) ? ALPHABETS[type] : undefined
    if (type !== 'UUID' && alphabet === undefined) throw new HelperFault(`unknown type '${type}'`, `one of ${Object.keys(ALPHABETS).join(', ')}, UUID`)
    const value = alphabet === undefined ? uuid(random) : draw(random, alphabet, lengthOf(hash.length, 36))
    return flag(hash.uppercase) ? value.toUpperCase() : value
  }

  return {
    uuid: makeUuid,
    guid: makeUuid,
    objectId: (_args, _hash, context) => Math.floor(nowOf(context).getTime() / 1000).toString(16).padStart(8, '0').slice(-8) + hex(context.random, 16),
    'random.int': whole(0, 100),
    'random.float': decimal(0, 1),
    'random.bool': bool,
    'random.hex': string(HEX),
    'random.alphanumeric': string(LETTERS + DIGITS),
    'random.alphabetic': string(LETTERS),
    'random.numeric': string(DIGITS),
    'random.string': string(LETTERS + LETTERS.toUpperCase() + DIGITS),
    'random.uuid': makeUuid,
    randomValue,
    randomInt: whole(-2147483648, 2147483647),
    randomDecimal: decimal(0, 1),
    int: whole(0, 99999),
    float: decimal(0, 1),
    boolean: bool,
    chance: { run: ([probability], _hash, { random }) => random.next() < (number(probability) ?? 0.5), condition: true },
    pick,
    oneOf: pick,
    pickRandom: pick,
    pickWeighted,
    someOf,
    shuffle: ([items], _hash, { random }) => shuffled(list(items), random),
    maybe: ([value, probability], _hash, { random }) => random.next() < (number(probability) ?? 0.5) && isTruthy(value) ? value : undefined
  }
}
