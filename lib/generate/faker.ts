import type { Faker } from '@faker-js/faker'
import { createRequire } from 'node:module'
import { MOCK_ERR_LOCALE_UNKNOWN } from '../errors.ts'
import type { Random } from '../random.ts'

const require = createRequire(import.meta.url)
const instances = new Map<string, { faker: Faker, source: { random: Random | undefined } }>()

/**
 * Faker for a locale, reading its random numbers from the given stream, so that the seed decides everything. It is used
 * and left within one synchronous call: the next call gives it another stream.
 *
 * The names and words of one locale take about 60 ms to load, so this waits until they are asked for; `require` because
 * a value is made synchronously.
 */
export function fakerFor (locale: string, random: Random): Faker {
  let known = instances.get(locale)
  if (known === undefined) instances.set(locale, known = load(locale))
  known.source.random = random
  return known.faker
}

function load (locale: string): { faker: Faker, source: { random: Random | undefined } } {
  const path = pathOf(locale)
  // Faker's own module, by the path that its package publishes.
  const { faker: plain } = require(path) as { faker: Faker & { constructor: new (options: ConstructorParameters<typeof Faker>[0]) => Faker } }
  const source: { random: Random | undefined } = { random: undefined }
  const Maker = plain.constructor
  const faker = new Maker({
    locale: [plain.rawDefinitions],
    randomizer: { next: () => source.random?.next() ?? 0, seed: () => {} }
  })
  // Dates are relative to a fixed day: the same seed gives the same one tomorrow.
  faker.setDefaultRefDate(new Date(Date.UTC(2025, 5, 1)))
  return { faker, source }
}

/** Refuses a locale that faker does not have, without loading the others. */
export function checkLocale (locale: string): void {
  pathOf(locale)
}

function pathOf (locale: string): string {
  const path = `@faker-js/faker/locale/${locale}`
  try {
    if (!/^\w+$/.test(locale)) throw new Error('a locale is letters, digits and underscores')
    require.resolve(path)
    return path
  } catch (error) {
    throw new MOCK_ERR_LOCALE_UNKNOWN(locale, { cause: error })
  }
}

/**
 * What a method of Faker returns: `person.firstName`. Only Faker's own modules and methods are reached; undefined for any other
 * name, and for arguments that the method does not take.
 */
export function byMethod (faker: Faker, path: string, args: readonly unknown[] = []): unknown {
  const [moduleName = '', method = '', ...more] = path.split('.')
  if (more.length > 0 || !MODULES.has(moduleName) || !/^[a-z]\w*$/i.test(method) || method === 'constructor') return undefined
  const its: unknown = Reflect.get(faker, moduleName)
  if (typeof its !== 'object' || its === null) return undefined
  const call: unknown = Reflect.get(its, method)
  if (typeof call !== 'function') return undefined
  try {
    return call.apply(its, SIZED.has(moduleName) ? args.map(bounded) : args)
  } catch {
    // It needs other arguments: as good as unknown.
    return undefined
  }
}

const MODULES = new Set([
  'airline', 'animal', 'book', 'color', 'commerce', 'company', 'database', 'datatype', 'date', 'finance', 'food', 'git', 'hacker', 'helpers', 'image',
  'internet', 'location', 'lorem', 'music', 'number', 'person', 'phone', 'science', 'string', 'system', 'vehicle', 'word'
])

/** Modules whose arguments say how much is made: a document must not ask for gigabytes. */
const SIZED = new Set(['helpers', 'lorem', 'string', 'word', 'image', 'internet', 'finance', 'git', 'color', 'system', 'phone'])
const MOST = 1000

function bounded (value: unknown): unknown {
  if (typeof value === 'number') return Math.max(-MOST, Math.min(MOST, value))
  if (Array.isArray(value)) return value.map(bounded)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, its]) => [key, bounded(its)]))
}
