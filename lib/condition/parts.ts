import { claimAt, type Caller } from '../security/caller.ts'
import type { When } from '../config-keys/condition.ts'
import { labelOf } from './label.ts'
import { isSecretName } from './secret.ts'
import type { Kind } from './special-values.ts'
import type { Subject } from './subject.ts'
import { always, never, type Setting, type Where } from './value-test.ts'

/** A part of the request that is one value. */
export interface WholePart {
  readonly key: WholeKey
  readonly where: Where
  readonly cost: number
  readonly values: Setting['values']
  readonly kind?: Kind
  isText (subject: Subject): boolean
  read (subject: Subject): unknown
}

/** A part of the request that is values by name. */
export interface NamedPart {
  readonly key: NamedKey
  readonly cost: number
  readonly values: Setting['values']
  isText (subject: Subject): boolean
  where (name: string): Where
  /** What reads the value of that name. */
  reader (name: string): (subject: Subject) => unknown
}

export type WholeKey = 'method' | 'path' | 'host' | 'protocol' | 'client' | 'body' | 'request_number'
export type NamedKey = 'params' | 'query' | 'headers' | 'cookies' | 'auth' | 'scenarios' | 'variables' | 'collections'
export type PartKey = Exclude<keyof When, 'all' | 'any' | 'not'>

const whole = (key: WholeKey, read: WholePart['read'], more: Partial<WholePart> = {}): WholePart =>
  ({ key, where: { part: key, label: labelOf(key), at: '', isSecret: false }, cost: 0, values: 'one', isText: always, read, ...more })

export const WHOLE_PARTS: Readonly<Record<WholeKey, WholePart>> = {
  method: whole('method', ({ request }) => request.method, { kind: 'method' }),
  path: whole('path', ({ request }) => request.path),
  host: whole('host', ({ request }) => request.host, { kind: 'host' }),
  protocol: whole('protocol', ({ request }) => request.protocol),
  client: whole('client', ({ request }) => request.ip, { cost: 2, kind: 'address' }),
  body: whole('body', ({ request }) => request.body, { cost: 2, isText: hasTexts }),
  request_number: whole('request_number', ({ count }) => count, { isText: never })
}

/** Only JSON tells numbers from texts; where nothing is said of the type, the value itself does. */
function hasTexts ({ request: { headers } }: Subject): boolean {
  const type = headers['content-type']
  return typeof type === 'string' && !/json/i.test(type)
}

function own (values: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(values, name) ? values[name] : undefined
}

function named (key: NamedKey, reader: NamedPart['reader'], more: Partial<NamedPart> = {}): NamedPart {
  return {
    key,
    cost: 1,
    values: 'list',
    isText: always,
    where: name => ({ part: key, label: labelOf(key, name), at: name, isSecret: key === 'cookies' || isSecretName(name) }),
    reader,
    ...more
  }
}

/** Scopes and roles are found wherever the token had them; other names are claims. */
function callerValue (auth: Caller, name: string): unknown {
  switch (name) {
    case 'scheme':
    case 'scopes':
    case 'roles': return auth[name]
    default: return claimAt(auth.claims, name)
  }
}

export const NAMED_PARTS: Readonly<Record<NamedKey, NamedPart>> = {
  params: named('params', name => ({ request }) => own(request.params, name)),
  query: named('query', name => ({ request }) => own(request.query, name)),
  headers: named('headers', name => {
    const lower = name.toLowerCase()
    return ({ request }) => own(request.headers, lower)
  }),
  cookies: named('cookies', name => ({ request }) => own(request.cookies, name)),
  auth: named('auth', name => ({ request: { auth } }) => auth === undefined ? undefined : callerValue(auth, name), { isText: never }),
  scenarios: named('scenarios', name => ({ state }) => state?.scenarios.state(name), { values: 'one' }),
  variables: named('variables', name => ({ state }) => state?.variables.get(name), { values: 'one', isText: never }),
  collections: named('collections', name => ({ state }) => state?.collections.get(name), { values: 'rows', isText: never, cost: 20 })
}

export const isWholeKey = (key: string): key is WholeKey => Object.hasOwn(WHOLE_PARTS, key)
export const isNamedKey = (key: string): key is NamedKey => Object.hasOwn(NAMED_PARTS, key)
