import t, { type Test as Tap } from 'tap'
import fc from 'fast-check'
import { parse as parseQuery } from 'node:querystring'
import { readFile } from 'node:fs/promises'
import { parse as parseYaml } from 'yaml'
import { decodeMultipart } from '../lib/body/multipart-body.ts'
import { compileCondition } from '../lib/condition/compile-condition.ts'
import { compileConditions } from '../lib/condition/compile-conditions.ts'
import { isPointer } from '../lib/condition/pointer-key.ts'
import { differences } from '../lib/condition/differences.ts'
import type { StateView, Subject } from '../lib/condition/subject.ts'
import type { Verdict } from '../lib/condition/verdict.ts'
import type { Test, When } from '../lib/config.ts'
import { validateConfig } from '../lib/config/validate.ts'
import { defineCollection } from '../lib/collection/define-collection.ts'
import { createCollections } from '../lib/collection/create-collections.ts'
import { kRawBody, type RequestView } from '../lib/request-view.ts'
import { SchemaView } from '../lib/schema/schema-view.ts'
import { build } from './helper.ts'

const page = await readFile(new URL('../docs/conditions.md', import.meta.url), 'utf8')

/** A request as an .http file has it. */
interface WrittenRequest {
  /** Undefined where the condition holds. */
  message: string | undefined
  method: string
  url: string
  headers: Record<string, string>
  body: string | undefined
}

t.test('the examples of docs/conditions.md', async t => {
  const examples = [...page.matchAll(/```yaml\n(when:[\s\S]*?)```\n+```http\n([\s\S]*?)```/g)]
  t.ok(examples.length >= 14, 'they are found')
  for (const [, condition = '', requests = ''] of examples) {
    const { when }: { when: When } = parseYaml(condition)
    const app = await build(t, { endpoints: [{ path: '/*', method: '*', when, response: { ok: true } }] })
    for (const request of requests.split(/^###\n/m).map(readRequest)) {
      const { message, method, url, headers, body } = request
      const subject = subjectOf(request)
      const verdicts = compileCondition(when).judge(subject)
      const title = `${condition.trim().replaceAll(/\s+/g, ' ')}: ${message ?? 'holds'}`
      t.equal(compileCondition(when).holds(subject), message === undefined, title)
      if (message !== undefined) t.same(verdicts.filter(({ holds }) => !holds).map(verdict => verdict.message), [message])
      const answer = await app.inject({ method: method as 'GET', url, headers, ...body !== undefined && { payload: body } })
      t.equal(answer.statusCode, message === undefined ? 200 : 404, `${title}, served`)
    }
  }
})

t.test('the configurations of docs/conditions.md are valid', async t => {
  for (const [, config = ''] of page.matchAll(/```yaml\n(endpoints:[\s\S]*?)```/g)) t.same(validateConfig(parseYaml(config)), [])
})

function readRequest (text: string): WrittenRequest {
  const [head = '', ...rest] = text.trim().split('\n\n')
  const [comment = '', line = '', ...fields] = head.split('\n')
  const [method = '', url = ''] = line.split(' ')
  const isMultipart = /multipart/.test(head)
  const body = rest.length === 0 ? undefined : rest.join('\n\n')
  return {
    message: comment === '# holds' ? undefined : comment.slice(2),
    method,
    url,
    headers: Object.fromEntries(fields.map(field => [field.slice(0, field.indexOf(':')), field.slice(field.indexOf(':') + 2)])),
    body: isMultipart ? body?.replaceAll('\n', '\r\n') : body
  }
}

function subjectOf ({ method, url, headers, body }: Omit<WrittenRequest, 'message'>): Subject {
  const [path = '', query = ''] = url.split('?')
  return { request: view({ method, url, path, query: { ...parseQuery(query) }, headers, body: bodyOf(headers['content-type'], body), [kRawBody]: body }) }
}

function bodyOf (type: string | undefined, body: string | undefined): unknown {
  if (body === undefined || type === undefined) return body
  if (/json/.test(type)) return JSON.parse(body)
  if (/form-urlencoded/.test(type)) return { ...parseQuery(body) }
  return /multipart/.test(type) ? decodeMultipart(Buffer.from(body), type, new SchemaView([], {})).value : body
}

const view = (request: Partial<RequestView>): RequestView => ({
  method: 'GET', url: '/', path: '/', params: {}, query: {}, headers: {}, cookies: {}, body: undefined, ip: '127.0.0.1', host: 'localhost:3000', protocol: 'http', id: '1', ...request
})

const json = { 'content-type': 'application/json' }
const withBody = (body: unknown): Subject => ({ request: view({ method: 'POST', headers: json, body }) })

/** Whether a condition holds, having seen to it that its verdicts agree. */
function holds (t: Tap, when: When, subject: Subject): boolean {
  const condition = compileCondition(when)
  const answer = condition.holds(subject)
  const verdicts = condition.judge(subject)
  verdicts.forEach(sound)
  if (verdicts.every(({ holds }) => holds) !== answer) t.fail(`the verdicts on ${JSON.stringify(when)} do not agree`)
  return answer
}

t.test('a condition holds when a plain evaluator says so, and its verdicts agree', async t => {
  fc.assert(fc.property(conditions, requests, (when, request) => {
    const condition = compileCondition(when)
    const subject = { request }
    const expected = plainly(when, request)
    if (condition.holds(subject) !== expected) throw new Error(`expected ${String(expected)}`)
    const verdicts = condition.judge(subject)
    if (verdicts.every(({ holds }) => holds) !== expected) throw new Error(`the verdicts differ: ${JSON.stringify(verdicts)}`)
    for (const verdict of verdicts) sound(verdict)
  }), { numRuns: 5_000 })
})

t.test('the first of many conditions is the one that asking all of them finds', async t => {
  const keyed = fc.record({ body: fc.record({ '/a': scalars }) })
  const contained = fc.record({ body: fc.record({ contains: fc.record({ a: scalars }) }) })
  const queried = fc.record({ query: fc.record({ a: scalars }) })
  const lists = fc.array(fc.oneof({ weight: 4, arbitrary: keyed }, { weight: 2, arbitrary: contained }, queried, conditions, fc.constant(undefined)), { maxLength: 10 })
  fc.assert(fc.property(lists, requests, fc.array(fc.nat(9), { maxLength: 3 }), (whens, request, refused) => {
    const accepts = (index: number): boolean => !refused.includes(index)
    const found = compileConditions(whens.map(when => when === undefined ? undefined : compileCondition(when))).find({ request }, accepts)
    const expected = whens.findIndex((when, index) => (when === undefined || plainly(when, request)) && accepts(index))
    if (found !== expected) throw new Error(`found ${found}, expected ${expected}`)
  }), { numRuns: 2_000 })
})

const scalars = fc.constantFrom<string | number | boolean | null>('a', 'b', 'ab', '7', '', 7, 0, -1, 2.5, true, false, null)
const names = fc.constantFrom('a', 'b', '__proto__', 'length')
const values = fc.letrec<{ value: unknown, list: unknown[], object: Record<string, unknown> }>(tie => ({
  value: fc.oneof({ maxDepth: 3 }, { weight: 3, arbitrary: scalars }, tie('list'), tie('object')),
  list: fc.array(tie('value'), { maxLength: 3 }),
  object: fc.dictionary(names, tie('value'), { maxKeys: 2, noNullPrototype: true })
}))
const texts = fc.constantFrom('a', 'b', 'ab', '7', '', 'true')
const numbers = fc.constantFrom(-1, 0, 1, 2, 2.5, 7)

/** Up to three of the keys, each with a value of its own. */
const someOf = <T extends object>(keys: { [K in keyof T]: fc.Arbitrary<T[K]> }, minLength = 0): fc.Arbitrary<Partial<T>> =>
  fc.subarray(Object.keys(keys) as Array<keyof T>, { minLength, maxLength: 3 }).chain(chosen =>
    fc.record(Object.fromEntries(chosen.map(key => [key, keys[key]])) as { [K in keyof T]: fc.Arbitrary<T[K]> }) as fc.Arbitrary<Partial<T>>)

const leaves = {
  equals: values.value,
  contains: values.value,
  in: fc.array(values.value, { minLength: 1, maxLength: 3 }),
  starts_with: texts,
  ends_with: texts,
  exists: fc.boolean(),
  absent: fc.boolean(),
  greater: numbers,
  at_most: numbers,
  length: numbers,
  type: fc.constantFrom('string' as const, 'number' as const, 'array' as const, 'object' as const)
}
const operators = [1, 2, 3].reduce<fc.Arbitrary<Test>>(inner => {
  const two = fc.array(inner, { minLength: 1, maxLength: 2 })
  const joined = { some: inner, every: inner, count: inner, not: inner, any: two, all: two, '/a': inner, '/a/0': inner, '/__proto__': inner }
  return fc.oneof(scalars, someOf(leaves, 1), someOf({ ...leaves, ...joined }, 1))
}, scalars)

const tests = fc.dictionary(fc.constantFrom('a', 'b'), operators, { minKeys: 1, maxKeys: 2, noNullPrototype: true })
const parts = { method: fc.constantFrom('GET', 'post'), path: operators, query: tests, headers: tests, body: operators }
const conditions = [1, 2].reduce<fc.Arbitrary<When>>(inner => someOf({ ...parts, any: fc.array(inner, { minLength: 1, maxLength: 2 }), not: inner }), someOf(parts, 1))

const requests: fc.Arbitrary<RequestView> = fc.record({
  method: fc.constantFrom('GET', 'POST'),
  path: fc.constantFrom('/a', '/b', '/', 'a'),
  query: fc.dictionary(names, fc.oneof(texts, fc.array(texts, { minLength: 2, maxLength: 3 })), { maxKeys: 2 }),
  headers: fc.record({ a: texts, b: texts }, { requiredKeys: [] }).map(headers => ({ ...json, ...headers })),
  body: fc.oneof({ weight: 4, arbitrary: values.object }, values.value, fc.constant(undefined))
}).map(view)

function sound (verdict: Verdict): void {
  const { holds, message, distance, part, parts = [] } = verdict
  const isSound = holds ? message === '' && distance === 0 : message !== '' && distance > 0 && distance <= 1
  if (!isSound) throw new Error(`unsound: ${JSON.stringify(verdict)}`)
  if (part === '' || message.includes('[object') || message.includes('undefined')) throw new Error(`ill told: ${JSON.stringify(verdict)}`)
  parts.forEach(sound)
}

/** What conditions mean, without any haste. */
function plainly (when: When, request: RequestView): boolean {
  const { method, path, query = {}, headers = {}, body, any, not } = when
  const own = (record: Readonly<Record<string, unknown>>, name: string): unknown => Object.hasOwn(record, name) ? record[name] : undefined
  return (typeof method !== 'string' || method.toUpperCase() === request.method) &&
    (path === undefined || fits(path, request.path, 'text')) &&
    Object.entries(query).every(([name, test]) => fits(test, own(request.query, name), 'texts')) &&
    Object.entries(headers).every(([name, test]) => fits(test, own(request.headers, name), 'texts')) &&
    (body === undefined || fits(body, request.body, 'json')) &&
    (any === undefined || any.some(one => plainly(one, request))) &&
    (not === undefined || !plainly(not, request))
}

/** `texts` may come several times. */
type Kind = 'json' | 'text' | 'texts'

function fits (test: Test, value: unknown, kind: Kind): boolean {
  if (typeof test !== 'object' || test === null) return fits({ equals: test }, value, kind)
  const { exists, absent, some, every, count, all, any, not, ...single } = test
  const present = kind === 'texts' ? [value].flat().filter(one => one !== undefined) : value === undefined ? [] : [value]
  const members = kind === 'texts' ? present : Array.isArray(value) ? value : undefined
  const inner = kind === 'json' ? 'json' : 'text'
  return (Object.keys(single).length === 0 || (kind === 'texts' && Array.isArray(value) ? value.some(one => fitsOne(single, one, 'texts')) : fitsOne(single, value, kind))) &&
    (exists === undefined || exists === (present.length > 0)) &&
    (absent === undefined || absent === (present.length === 0)) &&
    (some === undefined || members?.some(member => fits(some, member, inner)) === true) &&
    (every === undefined || (members !== undefined && members.length > 0 && members.every(member => fits(every, member, inner)))) &&
    (count === undefined || fits(count, value === undefined ? 0 : members?.length, 'json')) &&
    (all === undefined || all.every(one => fits(one, value, kind))) &&
    (any === undefined || any.some(one => fits(one, value, kind))) &&
    (not === undefined || !fits(not, value, kind))
}

function fitsOne (test: Exclude<Test, string | number | boolean | null>, value: unknown, kind: Kind): boolean {
  const isText = kind !== 'json'
  const text = typeof value === 'string' ? value : isText && value !== undefined ? String(value) : undefined
  const number = typeof value === 'number' ? value : isText && typeof value === 'string' && /^-?[\d.]+$/.test(value) ? Number(value) : undefined
  const length = typeof value === 'string' || Array.isArray(value) ? value.length : typeof value === 'object' && value !== null ? Object.keys(value).length : undefined
  const type = typeof value === 'string' ? 'string' : number !== undefined ? 'number' : Array.isArray(value) ? 'array' : typeof value === 'object' && value !== null ? 'object' : undefined
  return Object.entries(test).every(([key, wanted]: [string, unknown]) => {
    switch (key) {
      case 'equals': return isEqual(value, kind === 'texts' && Array.isArray(wanted) && value !== undefined && !Array.isArray(value) ? wanted.length === 1 ? wanted[0] : NaN : wanted, isText)
      case 'in': return value !== undefined && Array.isArray(wanted) && wanted.some(one => isEqual(value, one, isText))
      case 'contains': return text !== undefined && wanted !== null && typeof wanted !== 'object' ? text.includes(String(wanted)) : hasWithin(value, wanted, isText)
      case 'starts_with': return text?.startsWith(String(wanted)) === true
      case 'ends_with': return text?.endsWith(String(wanted)) === true
      case 'greater': return number !== undefined && number > Number(wanted)
      case 'at_most': return number !== undefined && number <= Number(wanted)
      case 'length': return length === wanted
      case 'type': return type === wanted || (wanted === 'number' && number !== undefined)
      default: return !isPointer(key) || fits(test[key] ?? null, key.slice(1).split('/').reduce<unknown>((at, name) => typeof at === 'object' && at !== null && name !== 'length' && Object.hasOwn(at, name) ? Reflect.get(at, name) : undefined, value), kind === 'json' ? 'json' : 'text')
    }
  })
}

function isEqual (value: unknown, wanted: unknown, isText: boolean): boolean {
  if (Array.isArray(wanted)) return Array.isArray(value) && value.length === wanted.length && wanted.every((one, index) => isEqual(value[index], one, isText))
  if (typeof wanted !== 'object' || wanted === null) return value === wanted || (isText && wanted !== null && typeof value === 'string' && value === String(wanted))
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return isEqual(Object.keys(value).sort(), Object.keys(wanted).sort(), false) && Object.keys(wanted).every(key => isEqual(Reflect.get(value, key), Reflect.get(wanted, key), isText))
}

function hasWithin (value: unknown, wanted: unknown, isText: boolean): boolean {
  const member = (one: unknown, part: unknown): boolean => typeof part === 'object' && part !== null
    ? Array.isArray(part) === Array.isArray(one) && hasWithin(one, part, isText)
    : isEqual(one, part, isText)
  if (Array.isArray(value)) return Array.isArray(wanted) ? wanted.every(part => value.some(one => member(one, part))) : value.some(one => member(one, wanted))
  if (typeof value !== 'object' || value === null || typeof wanted !== 'object' || wanted === null || Array.isArray(wanted)) return false
  return Object.entries(wanted).every(([key, part]) => Object.hasOwn(value, key) && member(Reflect.get(value, key), part))
}

t.test('parts of the request', async t => {
  const request = view({ method: 'PUT', path: '/users/7', params: { id: '7' }, cookies: { sid: 'abc' }, ip: '::ffff:10.1.2.3', host: 'Api.Local:3000', protocol: 'https' })
  const state = stateOf()
  const asked = (when: When): boolean => holds(t, when, { request, count: 3, state })
  t.ok(asked({ method: 'put', host: 'api.local', protocol: 'https' }))
  t.ok(asked({ host: 'API.local:3000' }))
  t.notOk(asked({ host: 'api.local:80' }))
  t.ok(asked({ host: { ends_with: ':3000' } }))
  t.ok(asked({ client: '10.0.0.0/8' }))
  t.ok(asked({ client: { in: ['::1', '10.1.2.3'] } }))
  t.notOk(asked({ client: { any: ['10.2.0.0/16', '2001:db8::/32'] } }))
  t.ok(asked({ params: { id: 7 }, cookies: { sid: { length: 3 } } }))
  t.ok(asked({ request_number: 3 }))
  t.ok(asked({ request_number: { multiple_of: 3, less: 4 } }))
  t.ok(asked({ scenarios: { checkout: 'paid' }, variables: { tenant: { '/name': 'acme' }, nothing: { absent: true } } }))
  t.notOk(asked({ scenarios: { checkout: { not: { in: ['open', 'paid'] } } } }))
  t.notOk(holds(t, { request_number: 3, scenarios: { checkout: 'paid' }, collections: { users: { exists: true } } }, { request }), 'of a logged request, neither is known')
})

t.test('rows of collections', async t => {
  const state = stateOf()
  const subject: Subject = { request: view({ params: { id: '7' }, query: { email: ['b@x', 'c@x'] } }), state }
  const asked = (users: Test): boolean => holds(t, { collections: { users } }, subject)
  t.ok(asked({ '/id': { same_as: '/params/id' } }))
  t.ok(asked({ '/id': 7, '/email': 'b@x' }))
  t.notOk(asked({ '/id': 7, '/email': 'a@x' }), 'one row has to fit all of it')
  t.notOk(asked({ '/id': '7' }), 'types count')
  t.ok(asked({ '/email': { same_as: '/query/email' } }))
  t.ok(asked({ '/email': { starts_with: 'a' }, count: 2 }))
  t.ok(asked({ not: { '/email': 'z@x' }, every: { '/email': { ends_with: '@x' } } }))
  t.ok(asked({ exists: true }))
  t.ok(holds(t, { collections: { empty: { count: 0, absent: true }, none: { absent: true } } }, subject))
  t.notOk(holds(t, { collections: { empty: { '/deleted': { absent: true } } } }, subject), 'where there is no row, none fits')
})

function stateOf (): StateView {
  const collections = createCollections([defineCollection('users', { rows: [{ id: 1, email: 'a@x' }, { id: 7, email: 'b@x' }] }), defineCollection('empty', {})])
  const variables = new Map<string, unknown>([['tenant', { name: 'acme' }]])
  return { scenarios: { state: () => 'paid' }, variables: { get: name => variables.get(name), has: name => variables.has(name) }, collections }
}

t.test('dates move with the clock', async t => {
  const now = Date.UTC(2026, 2, 31, 12)
  const asked = (test: Test, value: unknown): boolean => compileCondition({ body: { '/at': test } }, { now: () => now }).holds(withBody({ at: value }))
  t.ok(asked({ after: 'now - 1 month' }, '2026-02-28T12:00:01Z'), 'the last day of February is a month before the 31st of March')
  t.notOk(asked({ after: 'now - 1 month' }, '2026-02-28T11:59:59Z'))
  t.ok(asked({ before: 'now', after: 'now - 1 minute' }, '2026-03-31T13:59:30+02:00'))
  t.ok(asked({ after: 'now + 1 day 30 seconds' }, now + 86_400_000 + 31_000), 'in milliseconds')
  t.ok(asked({ before: 'now' }, now / 1000 - 1), 'in seconds')
  for (const value of ['', 'soon', '2026-02-30', '2026-13-01', null, true, {}, NaN, 'x'.repeat(100_000)]) t.notOk(asked({ after: '1900-01-01' }, value))
})

t.test('bodies that are not JSON', async t => {
  const xml = '<?xml version="1.0"?><!DOCTYPE o [<!ENTITY e "x">]><o:order xmlns:o="urn:o" id="7"><item sku="A1">one <b>big</b> deal</item><item sku="A2">&e;</item></o:order>'
  const subject: Subject = { request: view({ headers: { 'content-type': 'application/xml; charset=utf-8' }, body: xml }) }
  const asked = (body: Test): boolean => holds(t, { body }, subject)
  t.ok(asked({ xpath: { '/order/@id': 7, '//item[1]': 'one big deal', 'count(//item)': { less: 3 }, 'boolean(//missing)': false } }))
  t.ok(asked({ xpath: '//x:item[@sku = "A2"]' }))
  t.ok(asked({ xpath: { '//item/@sku': { every: { starts_with: 'A' }, count: 2 } } }))
  t.notOk(asked({ xpath: { '//item[2]': 'x' } }), 'declared entities are not expanded')
  t.notOk(asked({ xpath: '/order/item + 1' }), 'an operator that does not suit finds nothing')
  t.ok(asked({ '/item/0/sku': 'A1', '/id': 7, contains: 'DOCTYPE' }))
  t.notOk(holds(t, { body: { xpath: '//a', '/a': { exists: true } } }, { request: view({ headers: { 'content-type': 'text/xml' }, body: '<a><b></a>' }) }))

  const bytes: Subject = { request: view({ headers: { 'content-type': 'application/octet-stream' }, body: Buffer.from('héllo') }) }
  t.ok(holds(t, { body: { base64: 'aMOpbGxv', length: 6, starts_with: 'hé', equals: 'héllo' } }, bytes))
  t.notOk(holds(t, { body: { base64: 'aGVsbG8=' } }, bytes))
  const [verdict] = compileCondition({ body: { '/type': 'card' } }).judge({ request: view({ headers: { 'content-type': 'text/plain' }, body: '{"type":"card"}' }) })
  t.equal(verdict?.message, "body /type is missing, expected 'card'; the request came as 'text/plain', so that its body is not taken apart")
})

t.test('the body of a GET is read where a condition asks about it', async t => {
  const app = await build(t, { endpoints: [{ path: '/search', when: { headers: { 'x-id': { same_as: '/body/id' } } }, response: 'found' }, { path: '/users/:id', when: { params: { id: { same_as: '/headers/x-id' } } }, response: 'user' }] })
  const ask = async (url: string, id: string) => (await app.inject({ method: 'GET', url, headers: { 'x-id': id }, payload: { id: 7 } })).statusCode
  t.equal(await ask('/search', '7'), 200)
  t.equal(await ask('/search', '8'), 404)
  t.equal(await ask('/users/7', '7'), 200)
})

t.test('what is a secret is compared, and not repeated', async t => {
  const request = view({
    headers: { ...json, authorization: 'Bearer hunter2', 'x-api-key': 'hunter2' },
    cookies: { sid: 'hunter2' },
    body: { user: { password: 'hunter2', apiKey: 'hunter2' }, keyword: 'shoes', tokens: ['hunter2'] }
  })
  const when: When = {
    headers: { authorization: 'Bearer hunter3', 'x-api-key': { starts_with: 'hunter3' } },
    cookies: { sid: 'hunter3', other: 'hunter3' },
    body: { equals: { user: { password: 'hunter3', apiKey: 'hunter3' }, keyword: 'shirts' }, '/user/password': { in: ['hunter3'] }, contains: { tokens: ['hunter3'] } },
    not: { headers: { authorization: 'Bearer hunter2' } }
  }
  const verdicts = compileCondition(when).judge({ request })
  t.ok(verdicts.every(({ holds }) => !holds))
  t.notMatch(JSON.stringify(verdicts), /hunter/)
  t.match(JSON.stringify(verdicts), /body \/keyword is 'shoes', expected 'shirts'/, 'what only sounds like one is told')
})

t.test('differences name each place', async t => {
  t.same(differences({ items: [{ sku: 'A1' }] }, { items: [{ sku: 'A2' }] }), [{ pointer: '/items/0/sku', kind: 'different', expected: 'A1', actual: 'A2', weight: 0.5 }])
  t.match(differences({ a: 1, b: [1] }, { b: [1, 2], 'c/d': 0 }), [{ pointer: '/a', kind: 'missing' }, { pointer: '/b/1', kind: 'extra' }, { pointer: '/c~1d', kind: 'extra' }])
  t.same(differences({ items: [{ sku: 'A1' }] }, { items: [{ sku: 'B', x: 1 }, { sku: 'A1', x: 2 }] }, { isContained: true }), [])
  t.match(differences({ items: [{ sku: 'A1', x: 1 }] }, { items: [{ sku: 'B' }, { sku: 'A1', x: 2 }] }, { isContained: true }), [{ pointer: '/items/1/x', expected: 1, actual: 2 }])
  fc.assert(fc.property(values.value, values.value, (expected, actual) => (differences(expected, actual).length === 0) === isEqual(actual, expected, false)))
  fc.assert(fc.property(values.object, values.object, (expected, actual) => (differences(expected, actual, { isContained: true }).length === 0) === hasWithin(actual, expected, false)))
})

t.test('hostile requests are answered in time, and nothing is thrown', async t => {
  const deep = JSON.parse(`${'{"a":['.repeat(90)}1${']}'.repeat(90)}`)
  const bodies: unknown[] = [
    deep, JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":1}}'), { toString: 1, valueOf: null, length: -1, then: {} }, 'a'.repeat(100_000), `${'a'.repeat(20_000)}!`,
    Array.from({ length: 2_000 }, (_, index) => ({ sku: `A${index}`, index })), Buffer.alloc(10_000), [[[[]]]], 2n ** 70n, -0, '\uD800', undefined, null
  ]
  const tests: Test[] = [
    { matches: '^(a+)+$' }, { '/__proto__': { exists: true } }, { '/constructor/prototype': { exists: true } }, { '/toString': { type: 'object' } }, { '/length': 3 }, { length: { greater: 5 } },
    { equals: deep, ignore: ['order', 'case', '/a/*/a'] }, { contains: { a: [] } }, { contains: [1] }, { some: { '/sku': 'A1999' } }, { every: { '/sku': { ends_with: '9' } } },
    { json_path: { '$..a': { exists: true } } }, { json_path: '$[?match(@.sku, "(A+)+1")]' }, { json_path: '$[?length(@) > 2]' }, { xpath: '//a' }, { xpath: { 'matches(., "^(a+)+$")': true } },
    { json_schema: { type: 'object', additionalProperties: { pattern: '^(a+)+$' } } }, { in: [deep, 7, 'x'] }, { greater: 0 }, { multiple_of: 0.1 }, { before: 'now' }, { base64: 'AAAA' },
    { same_as: '/headers/x' }, { same_as: '/body/constructor' }, { not: { starts_with: 'a' } }, { type: 'integer' }, { count: 2_000 }
  ]
  for (const test of tests) {
    const conditions = compileConditions([compileCondition({ body: '?' }), compileCondition({ body: test }), compileCondition({ query: { constructor: '?', x: test } }), compileCondition({ body: '!' })])
    for (const body of bodies) {
      for (const headers of [json, { 'content-type': 'text/xml' }]) {
        const subject: Subject = { request: view({ headers, body, query: { x: body } }) }
        holds(t, { any: [{ body: test }, { query: { x: test } }] }, subject)
        conditions.find(subject)
      }
    }
  }
  t.notOk('polluted' in {})
})

t.test('what cannot be compiled is told with its place, and what was meant', async t => {
  const mistakes: Array<[When, string, RegExp]> = [
    [{ body: { '/a': { matches: '(?=x)' } } }, '/body/~1a/matches', /look-around/],
    [{ headers: { x: { matches: { pattern: '(' } } } }, '/headers/x/matches/pattern', /regular expression '\('/],
    [{ body: { json_path: { '$.a[': 1 } } }, '/body/json_path/$.a[', /no JSONPath/],
    [{ body: { json_path: 'items' } }, '/body/json_path', /starts with \$/],
    [{ body: { some: { xpath: '//a[' } } }, '/body/some/xpath', /no XPath/],
    [{ body: { xpath: 'doc("http://localhost/")' } }, '/body/xpath', /XPST0017/],
    [{ query: { from: { before: '2026-02-30' } } }, '/query/from/before', /no date/],
    [{ query: { from: { after: 'now - 3 foos' } } }, '/query/from/after', /no date.*now - 1 day/],
    [{ client: { in: ['10.0.0.1', '10.0.0.0/40'] } }, '/client/in/1', /no IP address/],
    [{ body: { base64: '???' } }, '/body/base64', /no base64/],
    [{ body: { same_as: '/boddy/id' } }, '/body/same_as', /did you mean '\/body\/id'/],
    [{ any: [{ not: { body: { same_as: '/query' } } }] }, '/any/0/not/body/same_as', /write \/query\/name/]
  ]
  const app = await build(t)
  for (const [when, pointer, message] of mistakes) {
    const [diagnostic] = await app.mock.validate({ endpoints: [{ path: '/', when, response: 1 }] })
    t.equal(diagnostic?.pointer, `/endpoints/0/when${pointer}`)
    t.match(`${diagnostic?.message ?? ''}; ${diagnostic?.hint ?? ''}`, message)
    t.equal(diagnostic?.code, 'bad-condition')
  }
})

t.test('mistakes in a file are told with line and column', async t => {
  const folder = t.testdir({ 'mock.yaml': "endpoints:\n  - path: /\n    responses:\n      - when: { body: { /a: { matches: '(' } } }\n        response: 1\n" })
  const app = await build(t)
  t.match(await app.mock.validate({ include: [`${folder}/mock.yaml`] }), [{ file: `${folder}/mock.yaml`, line: 4, column: 40, pointer: '/endpoints/0/responses/0/when/body/~1a/matches' }])
})

t.test('wrong keys are errors of the compiler', async t => {
  const wrong: When[] = [
    // @ts-expect-error -- there is no such part
    { querry: { a: 1 } },
    // @ts-expect-error -- there is no such operator
    { body: { start_with: 'a' } },
    // @ts-expect-error -- a number
    { body: { '/a': { greater: '5' } } }
  ]
  t.equal(wrong.length, 3)
})

t.test('shared schemas are found by conditions, under whatever name they have in the end', async t => {
  const app = await build(t, {
    schemas: { Paid: { type: 'object', required: ['paid'] } },
    endpoints: [{ path: '/', method: 'POST', responses: [{ when: { body: { json_schema: { $ref: '#/schemas/Paid' } } }, response: 'paid' }, { response: 'open' }] }]
  })
  t.equal((await app.inject({ method: 'POST', url: '/', payload: { paid: 1 } })).json(), 'paid')
  t.equal((await app.inject({ method: 'POST', url: '/', payload: {} })).json(), 'open')
  t.match(validateConfig({ endpoints: [{ path: '/', when: { body: { json_schema: { $ref: '#/schemas/Pade' } } } }], schemas: { Paid: true } }), [
    { code: 'unresolved-ref', pointer: '/endpoints/0/when/body/json_schema/$ref', hint: 'known schemas: Paid' }
  ])
})
