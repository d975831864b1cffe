import { date, dateTime, momentFor, time } from './moments.ts'
import { anyText, characters, email, host, ipv4, ipv6, url, uuid, type Clue } from './text-names.ts'

const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** How a text of each format is made; the second, where there is one, is as short as may be. */
const FORMATS: ReadonlyMap<string, ReadonlyArray<(clue: Clue) => string>> = new Map(Object.entries({
  'date-time': [clue => dateTime(momentFor(clue.key, clue.random))],
  date: [clue => date(momentFor(clue.key, clue.random))],
  time: [clue => time(momentFor(clue.key, clue.random))],
  'iso-time': [clue => time(momentFor(clue.key, clue.random))],
  'iso-date-time': [clue => dateTime(momentFor(clue.key, clue.random))],
  duration: [({ random }) => `PT${random.int(1, 48)}H`],
  email: [email, ({ random }) => `${characters(random, 'abcdefgh', 1)}@b.co`],
  'idn-email': [email, () => 'a@b.co'],
  hostname: [host, ({ random }) => characters(random, 'abcdefgh', 3)],
  'idn-hostname': [host, () => 'a'],
  ipv4: [ipv4, () => '10.0.0.1'],
  ipv6: [ipv6, () => '::1'],
  uri: [url, () => 'a:b'],
  url: [url, () => 'http://a.co'],
  iri: [url, () => 'a:b'],
  'uri-reference': [url, ({ random }) => `/${characters(random, 'abcdefgh', 3)}`, () => ''],
  'iri-reference': [url, () => '/a', () => ''],
  'uri-template': [clue => `https://${host(clue)}/items/{id}`, () => '{id}', () => ''],
  uuid: [uuid],
  'json-pointer': [({ faker }) => `/${faker.word.noun()}/0`, () => '/a', () => ''],
  'json-pointer-uri-fragment': [({ faker }) => `#/${faker.word.noun()}/0`, () => '#'],
  'relative-json-pointer': [({ random }) => `${random.int(0, 3)}/name`, () => '0'],
  regex: [({ faker }) => `^${faker.word.noun()}$`, () => 'a', () => ''],
  byte: [clue => base64(anyText(clue)), () => 'YQ==', () => ''],
  base64: [clue => base64(anyText(clue)), () => 'YQ==', () => ''],
  base64url: [clue => Buffer.from(anyText(clue)).toString('base64url')],
  binary: [anyText],
  password: [({ random }) => characters(random, 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789', 16)],
  int64: [({ random }) => String(random.int(1, Number.MAX_SAFE_INTEGER))],
  int32: [({ random }) => String(random.int(1, 2 ** 31 - 1))],
  decimal: [({ random }) => (random.int(100, 50_000) / 100).toFixed(2)],
  'unix-time': [clue => String(momentFor(clue.key, clue.random) / 1000)],
  color: [({ random }) => `#${characters(random, '0123456789abcdef', 6)}`],
  semver: [({ random }) => `${random.int(0, 9)}.${random.int(0, 20)}.${random.int(0, 20)}`],
  phone: [({ random }) => `+12025550${random.int(100, 199)}`]
} satisfies Record<string, Array<(clue: Clue) => string>>))

/** The ways to make a text of a format, the most natural one first; none for a format that is not known. */
export function makersOf (format: string): ReadonlyArray<(clue: Clue) => string> {
  return FORMATS.get(format) ?? []
}

/** What `contentEncoding` and `contentMediaType` ask for. */
export function encoded (encoding: string | undefined, mediaType: string | undefined, clue: Clue): string | undefined {
  const text = mediaType?.includes('json') ? JSON.stringify({ text: anyText(clue) }) : anyText(clue)
  switch (encoding) {
    case 'base64': return base64(text)
    case 'base64url': return Buffer.from(text).toString('base64url')
    case 'base16': return Buffer.from(text).toString('hex')
    case undefined: return mediaType?.includes('json') ? text : undefined
    default: return undefined
  }
}
