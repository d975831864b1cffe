import { routeKeys } from '../config/route-key.ts'
import { isObject } from '../schema/subschemas.ts'

/** The keys by which an item is found again in another version of its list; any one of them will do. */
export type KeysOf = (item: unknown) => readonly string[]

/** How the items of a list are told apart: what the first cannot pair is left to the next. */
export interface Identity {
  readonly keys: readonly KeysOf[]
  readonly label: (item: unknown) => string
  /** Whether the order means nothing, so that the file's own is kept. */
  readonly orderFree: boolean
}

/**
 * An endpoint is what answers a method and a path (with what it asks for besides), whatever its parameters are called; one whose
 * path has changed is known by its id. Two that differ in their base paths alone have different ids.
 */
const endpoints: Identity = {
  keys: [item => routesOf(item).map(route => `${idOf(item)} ${route}`), routesOf, item => idOf(item) === '' ? [] : [idOf(item)]],
  label: endpointLabel,
  orderFree: true
}

/** A response is a status in a content type with a name; where one of these changed, what is left tells. */
const responses: Identity = {
  keys: [
    item => [keyOf(item, 'name', 'content_type')],
    item => [keyOf(item, 'name')],
    item => [keyOf(item, 'content_type')],
    item => [keyOf(item)]
  ],
  label: item => isObject(item) ? [String(item.status ?? 200), ...typeof item.name === 'string' ? [item.name] : []].join(' ') : '?',
  orderFree: false
}

const byText: Identity = { keys: [item => [JSON.stringify(item)]], label: item => JSON.stringify(item), orderFree: false }

const byMember = (name: string): Identity =>
  ({ keys: [item => [memberOf(item, name)]], label: item => memberOf(item, name), orderFree: false })

/**
 * How the items of a list at a place are told apart; undefined where only their position tells.
 *
 * @param path of the list, `*` for items: `['endpoints', '*', 'responses']`
 */
export function identityAt (path: readonly string[], base: readonly unknown[], mine: readonly unknown[], document: readonly unknown[]): Identity | undefined {
  if (path.join('/') === 'endpoints') return endpoints
  if (path.join('/') === 'endpoints/*/responses') return responses
  const lists = [base, mine, document]
  if (!lists.every(list => isUnique(list.map(item => JSON.stringify(item))))) return undefined
  if (lists.flat().every(item => typeof item !== 'object' || item === null)) return byText
  const member = ['id', 'name'].find(name => lists.every(list => isUnique(list.map(item => memberOf(item, name)))) && lists.flat().every(item => memberOf(item, name) !== ''))
  if (member !== undefined) return byMember(member)
  // An item that changed looks like one that went and one that came: only where neither side changed any is the text enough.
  return [mine, document].every(list => onlyAddsOrRemoves(base, list)) ? byText : undefined
}

function onlyAddsOrRemoves (base: readonly unknown[], list: readonly unknown[]): boolean {
  const before = new Set(base.map(item => JSON.stringify(item)))
  const kept = list.filter(item => before.has(JSON.stringify(item))).length
  return kept === base.length || kept === list.length
}

/** Which item of one list is which of another, by index. */
export function pairUp (left: readonly unknown[], right: readonly unknown[], { keys }: Identity): Map<number, number> {
  const pairs = new Map<number, number>()
  const taken = new Set<number>()
  for (const keysOf of keys) {
    if (pairs.size === left.length || taken.size === right.length) break
    const places = new Map<string, number[]>()
    for (const [index, item] of right.entries()) {
      if (taken.has(index)) continue
      for (const key of keysOf(item)) {
        const known = places.get(key)
        if (known === undefined) places.set(key, [index])
        else known.push(index)
      }
    }
    for (const [index, item] of left.entries()) {
      if (pairs.has(index)) continue
      const found = keysOf(item).flatMap(key => places.get(key) ?? []).find(place => !taken.has(place))
      if (found === undefined) continue
      pairs.set(index, found)
      taken.add(found)
    }
  }
  return pairs
}

function routesOf (item: unknown): string[] {
  if (!isObject(item) || typeof item.path !== 'string') return []
  const shapes = shapesOf(item.path)
  const match = item.match === undefined ? '' : ` ${JSON.stringify(item.match)}`
  return methodsOf(item).flatMap(method => shapes.map(shape => `${method} ${shape}${match}`))
}

/** A path that cannot be read is what it is. */
function shapesOf (path: string): string[] {
  try {
    return routeKeys(path)
  } catch {
    return [path]
  }
}

function methodsOf ({ method = 'GET' }: { method?: unknown }): string[] {
  return [method].flat().map(name => String(name).toUpperCase())
}

const idOf = (item: unknown): string => memberOf(item, 'id')

/** `GET /users/{id}` */
function endpointLabel (item: unknown): string {
  return isObject(item) ? `${methodsOf(item).join()} ${typeof item.path === 'string' ? item.path : idOf(item)}` : '?'
}

function keyOf (item: unknown, ...members: string[]): string {
  if (!isObject(item)) return JSON.stringify(item)
  return [item.stands_for ?? item.status ?? 200, ...members.map(name => item[name] ?? '')].join('\n')
}

const memberOf = (item: unknown, name: string): string => isObject(item) && typeof item[name] === 'string' ? item[name] : ''

const isUnique = (keys: readonly string[]): boolean => new Set(keys).size === keys.length
