import { createRequire } from 'node:module'
import type { Faker } from '@faker-js/faker'
import type { Random } from '../../random.ts'
import { nowOf, type TemplateContext } from '../context.ts'
import { HelperFault } from '../error.ts'
import type { HelperDefinition, HelperTable } from '../helper.ts'
import { didYouMean } from '../nearest.ts'
import { isRecord } from '../own.ts'
import { text } from './argument.ts'

/** Functions of Faker by their names, `person.firstName`, bound to whoever calls. */
interface BoundFaker {
  names (): Iterable<string>
  call (name: string, args: readonly unknown[], context: TemplateContext): unknown
  has (name: string): boolean
}

// The seam: a locale is loaded when the first template needs it (40 ms), and its class is not exported beside it.
const load = createRequire(import.meta.url)
const bound = new Map<string, BoundFaker>()

/** Faker in a locale, drawing from the Random of the request that calls. */
function fakerOf (locale: string): BoundFaker {
  let faker = bound.get(locale)
  if (faker === undefined) bound.set(locale, faker = bind(locale))
  return faker
}

function bind (locale: string): BoundFaker {
  const shared = loadLocale(locale)
  let current: TemplateContext | undefined
  const random = (): Random => {
    if (current === undefined) throw new Error('Faker is called from templates only')
    return current.random
  }
  const own = new (shared.constructor as typeof Faker)({
    locale: shared.rawDefinitions,
    randomizer: { next: () => random().next(), seed () {} }
  })
  own.setDefaultRefDate(() => current === undefined ? new Date(0) : nowOf(current))
  const functions = functionsOf(own)
  return {
    names: () => functions.keys(),
    has: name => functions.has(name),
    call (name, args, context) {
      const before = current
      current = context
      try {
        return functions.get(name)?.(...args)
      } finally {
        current = before
      }
    }
  }
}

function loadLocale (locale: string): Faker {
  if (!/^[a-z]{2}(?:_[A-Za-z_]+)?$/.test(locale)) throw new HelperFault(`unknown Faker locale '${locale}'`, "such as 'en', 'de', 'pt_BR'")
  try {
    return (load(`@faker-js/faker/locale/${locale}`) as { faker: Faker }).faker
  } catch (error) {
    throw error instanceof Error && 'code' in error && /NOT_FOUND|NOT_EXPORTED/.test(String(error.code))
      ? new HelperFault(`unknown Faker locale '${locale}'`, "such as 'en', 'de', 'pt_BR'")
      : error
  }
}

// They take functions, or read templates of their own.
const REFUSED = new Set(['helpers.multiple', 'helpers.maybe', 'helpers.fake', 'helpers.mustache', 'helpers.uniqueArray'])

type FakerFunction = (...args: readonly unknown[]) => unknown

/** The functions of all modules: those that instances have of their own, `location.city` and its like. */
function functionsOf (faker: Faker): ReadonlyMap<string, FakerFunction> {
  const functions = new Map<string, FakerFunction>()
  // Part of the seam: all but `fakerCore` are instances of module classes.
  for (const [namespace, module] of Object.entries(faker) as Array<[string, Record<string, unknown>]>) {
    if (namespace === 'fakerCore' || typeof module !== 'object' || module === null) continue
    for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(module)).concat(Object.keys(module))) {
      const value = module[name]
      const path = `${namespace}.${name}`
      if (typeof value !== 'function' || name === 'constructor' || REFUSED.has(path)) continue
      functions.set(path, (...args) => Reflect.apply(value, module, args))
    }
  }
  return functions
}

// Lengths and counts are bounded, since they may come from a request: those with a name, and where the first argument is one.
const SIZED = /^(?:string|lorem|word|helpers|hacker|internet|system)\.|^finance\.(?:accountNumber|pin|maskedNumber)$/
const MOST = 10_000

function checkSizes (name: string, args: readonly unknown[]): void {
  const sized = SIZED.test(name)
  const check = (value: unknown, isSize: boolean): void => {
    if (typeof value === 'number' && isSize && value > MOST) throw new HelperFault(`${value} is more than ${MOST}`)
    // Repetitions of helpers.fromRegExp and its like.
    if (typeof value === 'string' && sized && /\{[\d,]{5,}\}/.test(value)) throw new HelperFault(`'${value}' repeats too often`)
    if (!isRecord(value)) return
    for (const [key, inner] of Object.entries(value)) check(inner, isSize || key === 'length' || key === 'count')
  }
  for (const arg of args) check(arg, sized)
}

/** `faker 'number.int' min=1 max=9`, and Mockoon's `faker 'number.int' '{"min": 1}'`. */
function argumentsOf (args: readonly unknown[], hash: Readonly<Record<string, unknown>>): unknown[] {
  const values = args.map(arg => typeof arg === 'string' && /^\s*[[{]/.test(arg) ? parsed(arg) : arg)
  return Object.keys(hash).length === 0 ? values : [...values, { ...hash }]
}

function parsed (source: string): unknown {
  try {
    return JSON.parse(source)
  } catch {
    return source
  }
}

function call (locale: string, name: string, args: readonly unknown[], hash: Readonly<Record<string, unknown>>, context: TemplateContext): unknown {
  const values = argumentsOf(args, hash)
  checkSizes(name, values)
  return fakerOf(locale).call(name, values, context)
}

function check (locale: string, name: string): void {
  const faker = fakerOf(locale)
  if (!faker.has(name)) throw new HelperFault(`Faker has no '${name}'`, didYouMean(name, faker.names()) ?? "write it like 'person.firstName'")
}

/** Mockoon's short names; arguments are handed on. */
const ALIASES: Readonly<Record<string, string>> = {
  title: 'person.prefix',
  firstName: 'person.firstName',
  lastName: 'person.lastName',
  fullName: 'person.fullName',
  company: 'company.name',
  domain: 'internet.domainName',
  tld: 'internet.domainSuffix',
  email: 'internet.email',
  street: 'location.streetAddress',
  city: 'location.city',
  country: 'location.country',
  countryCode: 'location.countryCode',
  zipcode: 'location.zipCode',
  postcode: 'location.zipCode',
  lat: 'location.latitude',
  long: 'location.longitude',
  phone: 'phone.number',
  color: 'color.human',
  hexColor: 'color.rgb',
  ipv4: 'internet.ipv4',
  ipv6: 'internet.ipv6',
  lorem: 'lorem.sentence'
}

/** Faker's data, in a locale. */
export function fakerHelpers (locale: string): HelperTable {
  const faker: HelperDefinition = {
    check: ([name]) => { if (name !== undefined) check(locale, text(name.value)) },
    run: ([name, ...args], hash, context) => {
      check(locale, text(name))
      return call(locale, text(name), args, hash, context)
    }
  }
  const aliases = Object.entries(ALIASES).map(([alias, name]) => [alias, {
    check: () => check(locale, name),
    run: (args, hash, context) => call(locale, name, args, hash, context)
  } satisfies HelperDefinition])
  return { faker, ...Object.fromEntries(aliases) }
}
