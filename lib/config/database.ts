import { configSchema } from '../config-schema.ts'
import type { Config, WrittenEndpoint } from '../config.ts'
import { escapeToken, tokens } from '../json-pointer.ts'
import { foreignKey } from '../resource/relations.ts'
import { isObject } from '../schema/subschemas.ts'
import { acceptsType } from './hints.ts'
import { nearest } from './nearest.ts'
import type { Place } from './place.ts'

type Row = Readonly<Record<string, unknown>>
type Database = Readonly<Record<string, Row | readonly Row[]>>

/** The property that the row of an object has its id in, out of the way of its own. */
const HIDDEN_ID = '$id'

const SUFFIXES = ['Id', '_id']

/**
 * Whether a file holds data alone, as those of json-server do: lists of rows, and objects, by name. A configuration that is only
 * misspelt is none.
 */
export function isDatabase (value: unknown): value is Database {
  if (!isObject(value)) return false
  const members = membersOf(value)
  const keys = Object.keys(configSchema.properties)
  return members.some(([, data]) => isList(data) && data.length > 0) &&
    members.every(([name, data]) => !isKey(name, data) && (isList(data) || isObject(data)) && !isMisspelt(name, data, keys))
}

/** What no file of data is about. */
const OWN_KEYS = new Set(['endpoints', 'include'])

/** Whether a configuration may say this: `profile` is a key as well, but of a text, and data where it is an object. */
function isKey (name: string, data: unknown): boolean {
  const schema = Object.entries(configSchema.properties).find(([key]) => key === name)?.[1]
  return schema !== undefined && (OWN_KEYS.has(name) || branchesOf(schema).some(branch => acceptsType(branch, data)))
}

const branchesOf = (schema: object): readonly object[] => 'anyOf' in schema && Array.isArray(schema.anyOf) ? schema.anyOf : [schema]

const membersOf = (value: Row): Array<[string, unknown]> => Object.entries(value).filter(([name]) => name !== '$schema')

const isList = (data: unknown): data is readonly Row[] => Array.isArray(data) && data.every(isObject)

/** `endpoint` for `endpoints`, or what another tool calls them. */
const isMisspelt = (name: string, data: unknown, keys: readonly string[]): boolean =>
  isList(data) && data.some(item => 'path' in item || 'url' in item || ('request' in item && 'response' in item)) && nearest(name, keys) !== undefined

/** The configuration that serves such a file: each list as a resource, each object as a single one, and all of it under `/db`. */
export function databaseConfig (database: Database): Config {
  const members = Object.entries(database).filter(([name]) => name !== '$schema')
  const collections: NonNullable<Config['collections']> = Object.fromEntries(members.map(([name, data]) =>
    [name, isList(data) ? [...data] : { id: HIDDEN_ID, rows: [data] }]))
  const endpoints = members.map(([name, data]): WrittenEndpoint => {
    if (!isList(data)) return { resource: { collection: name, singular: true } }
    const children = childrenOf(name, members)
    return { resource: { collection: name, ...children.length > 0 && { has_many: Object.fromEntries(children) } } }
  })
  const isTaken = members.some(([name]) => name === 'db')
  const response = Object.fromEntries(members.map(([name, data]) => [name, isList(data) ? `{{rows ${literal(name)}}}` : `{{omitKeys (first (rows ${literal(name)})) '${HIDDEN_ID}'}}`]))
  const whole: WrittenEndpoint = { path: '/db', description: 'All rows of all collections.', response }
  return { collections, endpoints: isTaken ? endpoints : [...endpoints, whole] }
}

/** A text in a template. */
const literal = (text: string): string => text.includes("'") ? `"${text.replaceAll('"', '\\"')}"` : `'${text}'`

/** Lists whose rows have a key that leads to this one. */
function childrenOf (name: string, members: ReadonlyArray<[string, Row | readonly Row[]]>): Array<[string, { key: string }]> {
  return members.flatMap(([child, data]): Array<[string, { key: string }]> => {
    if (child === name || !isList(data)) return []
    const key = SUFFIXES.map(suffix => foreignKey(name, suffix)).find(key => data.some(row => Object.hasOwn(row, key)))
    return key === undefined ? [] : [[child, { key }]]
  })
}

/** Where the parts of that configuration stand in the file. */
export function databasePlace ({ file, position }: Place): Place {
  const pointerOf = (pointer: string): string => {
    const [section, name, ...rest] = tokens(pointer)
    if (section !== 'collections' || name === undefined) return ''
    const inside = rest[0] === 'rows' ? rest.slice(2) : rest
    return [name, ...inside].map(token => `/${escapeToken(token)}`).join('')
  }
  return { ...file !== undefined && { file }, pointer: pointerOf, position: (pointer, target) => position(pointerOf(pointer), target) }
}
