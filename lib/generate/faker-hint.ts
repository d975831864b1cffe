import type { Faker } from '@faker-js/faker'
import type { Random } from '../random.ts'
import { isObject } from '../schema/subschemas.ts'
import { byMethod } from './faker.ts'

/** Keywords by which schemas ask for a kind of data, ours first and then those of other tools. */
export const FAKER_KEYWORDS = ['x-faker', 'x-fake-data', 'x-json-schema-faker', 'faker'] as const

/** How a schema asks for a value: given a stream of names and words, the values that it may mean, the likeliest first. */
export type FakerHint = (faker: Faker, random: Random) => readonly unknown[]

/**
 * Reads what stands under such a keyword: a method of Faker (`person.firstName`), with arguments
 * (`number.int({"max": 9})`, `{"number.int": {"max": 9}}`), a text with methods in it (`{{person.firstName}} Inc.`), values to
 * choose from (a list), or a value. Names of methods from before Faker 8 are understood.
 */
export function readFakerHint (value: unknown, keyword: string): FakerHint | undefined {
  if (typeof value === 'string') return readText(value, keyword)
  if (Array.isArray(value)) return value.length === 0 ? undefined : (_faker, random) => [random.pick(value)]
  if (!isObject(value)) return undefined
  const [entry] = Object.entries(value)
  if (entry === undefined || !METHOD.test(entry[0])) return undefined
  const [path, given] = entry
  const args = given === null || given === undefined ? [] : Array.isArray(given) ? given : [given]
  return faker => [...called(faker, path, args), ...called(faker, path, [args])]
}

const METHOD = /^[a-z]\w*\.[a-z]\w*$/i
const CALL = /^([a-z]\w*\.[a-z]\w*)(?:\((.*)\))?$/is

function readText (text: string, keyword: string): FakerHint | undefined {
  if (text.includes('{{')) return faker => [fill(text, faker)]
  const call = CALL.exec(text.trim())
  if (call === null) return keyword === 'x-fake-data' ? () => [text] : undefined
  const [, path = '', written = ''] = call
  const args = readArguments(written)
  const literal = keyword === 'x-fake-data' ? [text] : []
  return faker => [...called(faker, path, args), ...literal]
}

/** Arguments as JSON has them; single quotes and bare keys, which people write, are read as well. */
function readArguments (written: string): readonly unknown[] {
  for (const text of [written, written.replace(/'/g, '"').replace(/([{,]\s*)(\w+)\s*:/g, '$1"$2":')]) {
    try {
      const args: unknown = JSON.parse(`[${text}]`)
      if (Array.isArray(args)) return args
    } catch {
      // Perhaps the other way of writing.
    }
  }
  return []
}

function fill (text: string, faker: Faker): string {
  return text.replace(/\{\{\s*([^{}]+?)\s*\}\}/g, (whole, inner: string) => {
    const call = CALL.exec(inner)
    const [made] = call === null ? [] : called(faker, call[1] ?? '', readArguments(call[2] ?? ''))
    return made === undefined ? whole : String(made)
  })
}

/** What a method gives, also as a text and as a number: schemas ask for a price in either way. */
function called (faker: Faker, path: string, args: readonly unknown[]): unknown[] {
  const made = byMethod(faker, currentName(path), args)
  if (made === undefined) return []
  if (made instanceof Date) return [made.toISOString(), made.toISOString().slice(0, 10), made.getTime()]
  if (typeof made === 'number' || typeof made === 'bigint') return [Number(made), String(made)]
  if (typeof made === 'string' && made.trim() !== '' && Number.isFinite(Number(made))) return [made, Number(made)]
  return [made]
}

/** Names that methods and modules had before Faker 8. */
const MODULES: Readonly<Record<string, string>> = { name: 'person', address: 'location' }
const METHODS: Readonly<Record<string, string>> = {
  'name.findName': 'person.fullName',
  'name.title': 'person.jobTitle',
  'address.streetName': 'location.street',
  'address.zipCodeByState': 'location.zipCode',
  'address.stateAbbr': 'location.state',
  'random.uuid': 'string.uuid',
  'datatype.uuid': 'string.uuid',
  'random.number': 'number.int',
  'datatype.number': 'number.int',
  'datatype.float': 'number.float',
  'random.float': 'number.float',
  'random.boolean': 'datatype.boolean',
  'random.word': 'word.sample',
  'random.words': 'lorem.words',
  'random.alphaNumeric': 'string.alphanumeric',
  'random.alpha': 'string.alpha',
  'random.numeric': 'string.numeric',
  'random.arrayElement': 'helpers.arrayElement',
  'random.locale': 'location.countryCode',
  'datatype.string': 'string.sample',
  'datatype.hexaDecimal': 'string.hexadecimal',
  'datatype.datetime': 'date.anytime',
  'internet.userName': 'internet.username',
  'internet.avatar': 'image.avatar',
  'internet.color': 'color.rgb',
  'phone.phoneNumber': 'phone.number',
  'company.companyName': 'company.name',
  'company.bs': 'company.buzzPhrase',
  'commerce.color': 'color.human',
  'image.imageUrl': 'image.url',
  'finance.account': 'finance.accountNumber',
  'system.fileType': 'system.fileExt'
}

function currentName (path: string): string {
  const known = METHODS[path]
  if (known !== undefined) return known
  const [module = '', method = ''] = path.split('.')
  return `${MODULES[module] ?? module}.${method}`
}
