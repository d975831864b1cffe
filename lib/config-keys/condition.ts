import { Type } from 'typebox'
import type { JsonSchema } from './json-schema.ts'

/** A value that stands for itself: `7` is `{ equals: 7 }`. */
export type Scalar = string | number | boolean | null

/** What an equality overlooks, or the JSON pointer of what it does not look at; `*` in a pointer is any name or index. */
export type Ignored = 'case' | 'whitespace' | 'order' | 'extra_members' | 'types' | `/${string}`

export type ValueType = 'string' | 'number' | 'integer' | 'boolean' | 'null' | 'object' | 'array'

/** A regular expression with flags: `i` for either case, `m` for lines of their own, `s` for a dot that is a line break as well. */
export interface Pattern {
  pattern: string
  flags?: string
}

/** What is asked of one value. All operators have to hold, those at pointers (`/items/0/sku`) within the value as well. */
export interface Operators {
  equals?: unknown
  contains?: unknown
  starts_with?: string
  ends_with?: string
  matches?: string | Pattern
  in?: readonly unknown[]
  ignore?: readonly Ignored[]
  exists?: boolean
  absent?: boolean
  greater?: number
  at_least?: number
  less?: number
  at_most?: number
  multiple_of?: number
  before?: string
  after?: string
  length?: Test
  type?: ValueType
  base64?: string
  same_as?: string
  json_path?: string | Readonly<Record<string, Test>>
  xpath?: string | Readonly<Record<string, Test>>
  json_schema?: JsonSchema
  some?: Test
  every?: Test
  count?: Test
  all?: readonly Test[]
  any?: readonly Test[]
  not?: Test
  [pointer: `/${string}`]: Test | undefined
}

/** A scalar is what the value equals; else operators. */
export type Test = Scalar | Operators

/** Tests by name: of query parameters, headers ... */
export type Tests = Readonly<Record<string, Test>>

/** Which requests are meant, keyed by part of the request. All parts have to hold. */
export interface When {
  method?: Test
  path?: Test
  host?: Test
  protocol?: Test
  client?: Test
  params?: Tests
  query?: Tests
  headers?: Tests
  cookies?: Tests
  auth?: Tests
  body?: Test
  scenarios?: Tests
  variables?: Tests
  collections?: Tests
  request_number?: Test
  all?: readonly When[]
  any?: readonly When[]
  not?: When
}

const test = (description: string) => ({ $ref: '#/$defs/Test', description })
const tests = (description: string) => ({ type: 'object', additionalProperties: { $ref: '#/$defs/Test' }, minProperties: 1, description })
const listOf = (name: string, description: string) => ({ type: 'array', items: { $ref: `#/$defs/${name}` }, minItems: 1, description })
const byPath = (description: string) => ({ anyOf: [{ type: 'string' }, { type: 'object', additionalProperties: { $ref: '#/$defs/Test' }, minProperties: 1 }], description })

/** The tables name each key of the type, and no other: the compiler holds them together. */
type Keys<T> = { [K in keyof T as string extends K ? never : `/${string}` extends K ? never : K]-?: object }

const operators = {
  equals: { description: 'The value is this one: lists and objects as a whole, whatever the order of members. Types count in JSON; parameters, headers and fields of forms are texts, where 7 equals "7".' },
  contains: { description: 'A text has this text in it, a list this member (or all members of this list), an object at least these members.' },
  starts_with: { type: 'string', description: 'How the text starts.' },
  ends_with: { type: 'string', description: 'How the text ends.' },
  matches: {
    anyOf: [
      { type: 'string' },
      {
        type: 'object',
        properties: {
          pattern: { type: 'string', description: 'The regular expression.' },
          flags: { type: 'string', pattern: '^[ims]*$', patternErrorMessage: 'flags out of i, m and s', description: '`i`: either case; `m`: ^ and $ are the ends of lines; `s`: the dot is a line break, too.' }
        },
        required: ['pattern'],
        additionalProperties: false
      }
    ],
    description: 'A regular expression that is found in the text; ^ and $ stand for its ends. Of RE2: linear time, no look-around, no back-references.'
  },
  in: { type: 'array', minItems: 1, description: 'The value is one of these.' },
  ignore: {
    type: 'array',
    items: {
      anyOf: [
        { enum: ['case', 'whitespace', 'order', 'extra_members', 'types'] },
        { type: 'string', pattern: '^/', patternErrorMessage: 'a JSON pointer, which starts with /' }
      ]
    },
    minItems: 1,
    description: 'What `equals`, `contains`, `in`, `starts_with` and `ends_with` beside it overlook: `case`; `whitespace` at the ends, and how much there is; `order` of lists; ' +
      '`extra_members` of objects; `types`, so that 7 equals "7"; what is at JSON pointers, in which `*` is any name or index.'
  },
  exists: { type: 'boolean', description: 'Whether there is a value; null is one.' },
  absent: { type: 'boolean', description: 'Whether there is none.' },
  greater: { type: 'number', description: 'The number is greater than this. Numeric texts count as numbers where all values are texts.' },
  at_least: { type: 'number', description: 'The number is this or greater.' },
  less: { type: 'number', description: 'The number is less than this.' },
  at_most: { type: 'number', description: 'The number is this or less.' },
  multiple_of: { type: 'number', exclusiveMinimum: 0, description: 'The number is a multiple of this.' },
  before: { type: 'string', description: 'The date is before this one: ISO 8601, an HTTP date, or relative to now, `now - 1 day`.' },
  after: { type: 'string', description: 'The date is after this one.' },
  length: test('How many characters the text, members the list or object, or bytes the file has: a number, or what is asked of it.'),
  type: { enum: ['string', 'number', 'integer', 'boolean', 'null', 'object', 'array'], valueHint: "the value of a member 'type' is tested by '/type'", description: 'Of which type the value is.' },
  base64: { type: 'string', description: 'The bytes of the value, in base64.' },
  same_as: { type: 'string', pattern: '^/', patternErrorMessage: 'a JSON pointer into the request, as in /params/id', description: 'The value equals another of the request, at this JSON pointer: `/params/id`, `/body/user/id`, `/variables/tenant`.' },
  json_path: byPath('What is asked of the values that a JSONPath (RFC 9535) finds, by path: one of them has to fit. A path alone asks for any value.'),
  xpath: byPath('What is asked of the texts that an XPath (3.1) finds in XML, by path: one of them has to fit. A path alone asks for any node.'),
  json_schema: { $ref: '#/$defs/JsonSchema', description: 'The value is valid by this JSON Schema; `{"$ref": "#/schemas/Name"}` is a shared one.' },
  some: test('What one member of the list has to fit.'),
  every: test('What every member of the list has to fit, or every value of a parameter that comes several times; there has to be one.'),
  count: test('How many members the list has, or how many times the parameter comes: a number, or what is asked of it.'),
  all: listOf('Test', 'All of these have to hold.'),
  any: listOf('Test', 'One of these has to hold.'),
  not: test('This must not hold.')
} satisfies Keys<Operators>

const parts = {
  method: test('HTTP method, in upper or lower case.'),
  path: test('Path as it was sent, without prefix and query.'),
  host: test('Host that was asked for; without a port in the test, any port will do.'),
  protocol: test('`http` or `https`.'),
  client: test('IP address of the client; `10.0.0.0/8` is a range of them.'),
  params: tests('Path parameters by name.'),
  query: tests('Query parameters by name. Of one that comes several times, one value has to fit.'),
  headers: tests('Headers by name, in upper or lower case.'),
  cookies: tests('Cookies by name.'),
  body: test('The body: operators, or tests by JSON pointer (`/items/0/sku`). Forms are objects, and so are multipart bodies, whose files have `filename`, `content_type`, `size` and `text`.'),
  auth: tests('Who calls, where `security` tells: `sub`, `scopes`, `roles`, `scheme`, or a claim by its name (`realm.tenant`). Of several values, one has to fit.'),
  scenarios: tests('State of scenarios by name.'),
  variables: tests('Variables by name.'),
  collections: tests('Collections by name: one row has to fit, or `count` tells how many there are.'),
  request_number: test('Which request to the endpoint it is, from 1.'),
  all: listOf('When', 'All of these have to hold.'),
  any: listOf('When', 'One of these has to hold.'),
  not: { $ref: '#/$defs/When', description: 'This must not hold.' }
} satisfies Keys<When>

/** For the configuration's `$defs`: plain JSON Schema, as JsonSchema's own, since it refers to itself. */
export const conditionShapes = {
  When: {
    title: 'Condition',
    type: 'object',
    properties: parts,
    additionalProperties: false,
    minProperties: 1,
    description: 'Which requests are meant, by part of the request; all of it has to hold (docs/conditions.md).'
  },
  Test: {
    title: 'Test of a value',
    type: ['string', 'number', 'boolean', 'null', 'object'],
    properties: operators,
    patternProperties: { '^/': { $ref: '#/$defs/Test' } },
    additionalProperties: false,
    minProperties: 1,
    memberHint: true,
    typeHint: 'a list is written { equals: [ … ] }, or { in: [ … ] } for one of several',
    description: 'A text, number, boolean or null is what the value equals; else operators, and tests of values within it by JSON pointer.'
  }
} as const

/** For messages. */
export const OPERATOR_NAMES: readonly string[] = Object.keys(operators)

/** The config key: which requests an answer is for. */
export const When = Type.Unsafe<When>({
  $ref: '#/$defs/When',
  description: 'Which requests get this answer, by part of the request: `{"headers": {"x-tenant": "acme"}, "body": {"/type": "card"}}` (docs/conditions.md). Default: all.'
})
