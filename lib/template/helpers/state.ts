import type { Collection, Row } from '../../collection/collection.ts'
import { collectionOf } from '../../collection/create-collections.ts'
import { rowInvalid } from '../../collection/row-errors.ts'
import { rowOf } from '../../collection/row-of.ts'
import { setVariable, type TemplateContext } from '../context.ts'
import type { HelperFunction, HelperTable } from '../helper.ts'
import { integer, record, text } from './argument.ts'
import { equal } from './equal.ts'

const setVar: HelperFunction = ([name, value], _hash, context) => {
  setVariable(context, text(name), value)
  return ''
}

/** `{{#assign 'name'}}text{{/assign}}`: a block's text comes first. */
const assign: HelperTable[string] = {
  run: setVar,
  block: (body, [name], _hash, context) => setVar([name, body.render()], {}, context)
}

const keep: HelperFunction = ([name, value], _hash, { store }) => {
  if (value === undefined) store?.variables.delete(text(name))
  else store?.variables.set(text(name), value)
  return ''
}

/** Undefined where templates are rendered for nobody, and there is no state. */
const collection = ({ store }: TemplateContext, name: unknown): Collection | undefined =>
  store === undefined ? undefined : collectionOf(store.collections, text(name))

const rowId = (id: unknown): string => text(id)

/** Objects and named arguments, the later over the earlier. */
function members (name: unknown, objects: readonly unknown[], hash: Row): Row {
  const given = objects.filter(object => object !== undefined && object !== null)
  for (const object of given) if (typeof object !== 'object' || Array.isArray(object)) throw rowInvalid(text(name), [], `it has to be an object, and is ${text(object).slice(0, 40)}`)
  return [...given.map(record), hash].reduce((merged, object) => rowOf(merged, object), {})
}

function rowsLike (found: Collection | undefined, like: Row): readonly Row[] {
  if (found === undefined) return []
  // What a request may leave out narrows nothing down where it does.
  const [first, ...others] = Object.entries(like).filter(([, value]) => value !== undefined)
  if (first === undefined) return found.rows()
  const rows = found.where(...first)
  return others.length === 0 ? rows : rows.filter(row => others.every(([key, value]) => equal(Object.hasOwn(row, key) ? row[key] : undefined, value)))
}

/** Variables of the request, and what outlives it: counters, variables, scenarios and collections of the request's scope. */
export const stateHelpers: HelperTable = {
  setVar: assign,
  assign,
  getVar: ([name, byDefault], _hash, { vars }) => vars?.get(text(name)) ?? byDefault,
  counter: ([name = 'default', start, step], hash, { counters }) =>
    counters.next(text(name), integer(start ?? hash.start, 1), integer(step ?? hash.step, 1)),

  variable: ([name, byDefault], _hash, { store }) => store?.variables.get(text(name)) ?? byDefault,
  setVariable: {
    run: keep,
    block: (body, [name], _hash, context) => keep([name, body.render()], {}, context)
  },
  scenario: ([name], _hash, { store }) => store?.scenarios.state(text(name)),
  setScenario ([name, state], _hash, { store }) {
    store?.scenarios.set(text(name), text(state))
    return ''
  },

  row: ([name, id, byDefault], _hash, context) => collection(context, name)?.get(rowId(id)) ?? byDefault,
  rows: ([name], hash, context) => rowsLike(collection(context, name), hash),
  rowCount: ([name], hash, context) => rowsLike(collection(context, name), hash).length,
  insert ([name, ...objects], hash, context) {
    const row = members(name, objects, hash)
    return collection(context, name)?.insert(row) ?? row
  },
  update: ([name, id, ...objects], hash, context) => collection(context, name)?.update(rowId(id), members(name, objects, hash)),
  remove: ([name, id], _hash, context) => collection(context, name)?.remove(rowId(id))
}
