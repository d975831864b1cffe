import type { Collection, Row } from '../collection/collection.ts'
import { stringifyJson } from '../stringify-json.ts'
import type { Violation } from '../violation/violation.ts'
import { foreignKey, pluralsOf } from './relations.ts'
import { keyToParent } from './resource.ts'
import { listText, rowText } from './row-text.ts'
import type { Visit } from './visit.ts'

/** Adds what belongs to a row, or what it belongs to: the member's name and its JSON, undefined where there is none. */
export interface Addition {
  readonly name: string
  readonly version: number
  textFor (row: Row): string | undefined
}

type Asked = { readonly embed: readonly string[], readonly expand: readonly string[] }

/** What a request wants beside the rows: children or parents (`_embed`), or parents (`_expand`). */
export function additionsFor (visit: Visit, { embed, expand }: Asked): { additions: Addition[], violations: Violation[] } {
  const { names } = visit.resource
  const violations: Violation[] = []
  const find = (asked: readonly string[], parameter: string, look: (name: string) => Addition | undefined) => asked.flatMap(name => {
    const found = look(name)
    if (found === undefined) violations.push({ in: 'query', pointer: `/${parameter}`, rule: 'query', expected: 'a relation', actual: name.slice(0, 40), message: 'names no collection that is related' })
    return found ?? []
  })
  const additions = [
    ...find(embed, names.embed, name => childrenOf(visit, name) ?? parentOf(visit, name)),
    ...find(expand, names.expand, name => parentOf(visit, name))
  ]
  return { additions, violations }
}

function childrenOf ({ resource, collection, exchange: { store } }: Visit, name: string): Addition | undefined {
  if (resource.belongsTo.some(relation => relation.name === name)) return undefined
  const declared = resource.hasMany.find(relation => relation.name === name)
  const children = store.collections.get(declared?.collection ?? name)
  if (children === undefined) return undefined
  const key = keyToParent(resource, name)
  return { name, version: children.version, textFor: row => listText(children.where(key, row[collection.idKey])) }
}

function parentOf ({ resource, exchange: { store } }: Visit, name: string): Addition | undefined {
  const declared = resource.belongsTo.find(relation => relation.name === name)
  const candidates = declared === undefined ? pluralsOf(name) : [declared.collection]
  let parents: Collection | undefined
  for (const candidate of candidates) parents ??= store.collections.get(candidate)
  if (parents === undefined) return undefined
  const found = parents
  const key = declared?.key ?? `${name}${resource.suffix}`
  return {
    name,
    version: found.version,
    textFor (row) {
      const id = Object.hasOwn(row, key) ? row[key] : undefined
      const parent = typeof id === 'string' || typeof id === 'number' ? found.get(id) : undefined
      return parent === undefined ? undefined : rowText(parent)
    }
  }
}

/** A row with what was added to it, as JSON. */
export function textWith (row: Row, additions: readonly Addition[]): string {
  if (additions.length === 0) return rowText(row)
  const added = new Map(additions.flatMap(({ name, textFor }) => {
    const text = textFor(row)
    return text === undefined ? [] : [[name, text]]
  }))
  const members = [...added].map(([name, text]) => `${JSON.stringify(name)}:${text}`)
  const isHidden = [...added.keys()].some(name => Object.hasOwn(row, name))
  const own = isHidden ? stringifyJson(Object.fromEntries(Object.entries(row).filter(([name]) => !added.has(name)))) ?? '{}' : rowText(row)
  if (members.length === 0) return own
  return `${own.slice(0, -1)}${own === '{}' ? '' : ','}${members.join(',')}}`
}

/** The collections that hold rows which may belong to rows of this one, by declaration or by the name of a key. */
export const dependents = ({ resource, exchange: { store } }: Visit, names: readonly string[]): Array<{ children: Collection, key: string }> => names.flatMap(name => {
  const children = store.collections.get(resource.hasMany.find(relation => relation.name === name)?.collection ?? name)
  return children === undefined ? [] : [{ children, key: keyToParent(resource, name) ?? foreignKey(resource.collection, resource.suffix) }]
})
