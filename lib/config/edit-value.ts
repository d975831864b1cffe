import { isObject } from '../schema/subschemas.ts'
import { MOCK_ERR_NOT_SAVED } from '../errors.ts'
import { tokens } from '../json-pointer.ts'

/** A change to one place of a configuration file (RFC 6902's add, replace and remove). */
export type Edit =
  /** Into an object by key, into a list before the item at that index or, by `-`, at its end; a list that is not there yet is made. */
  | { op: 'add', pointer: string, value: unknown }
  | { op: 'replace', pointer: string, value: unknown }
  | { op: 'remove', pointer: string }

/** A copy of a value with the edits made, one after the other. @throws MOCK_ERR_NOT_SAVED when one has no place. */
export function editValue (value: unknown, edits: readonly Edit[]): unknown {
  return edits.reduce((result, edit) => editAt(result, tokens(edit.pointer), edit), value)
}

function editAt (node: unknown, path: readonly string[], edit: Edit): unknown {
  const [token, ...rest] = path
  if (token === undefined) {
    if (edit.op === 'remove') throw new MOCK_ERR_NOT_SAVED('a whole file cannot be removed')
    return plain(edit.value)
  }
  if (Array.isArray(node)) {
    const items: unknown[] = [...node]
    const index = token === '-' && edit.op === 'add' ? items.length : Number(token)
    const most = edit.op === 'add' && rest.length === 0 ? items.length : items.length - 1
    if (!Number.isInteger(index) || index < 0 || index > most) throw nothingAt(edit.pointer)
    if (rest.length > 0) items[index] = editAt(items[index], rest, edit)
    else if (edit.op === 'remove') items.splice(index, 1)
    else items.splice(index, edit.op === 'add' ? 0 : 1, plain(edit.value))
    return items
  }
  if (!isObject(node)) throw nothingAt(edit.pointer)
  const known = Object.hasOwn(node, token)
  if (rest.length > 0) {
    const member = known ? node[token] : edit.op === 'add' && rest.length === 1 && rest[0] === '-' ? [] : undefined
    return { ...node, [token]: editAt(member, rest, edit) }
  }
  if (edit.op !== 'remove') {
    if (edit.op === 'replace' && !known) throw nothingAt(edit.pointer)
    return { ...node, [token]: plain(edit.value) }
  }
  if (!known) throw nothingAt(edit.pointer)
  return Object.fromEntries(Object.entries(node).filter(([key]) => key !== token))
}

const nothingAt = (pointer: string) => new MOCK_ERR_NOT_SAVED(`there is nothing at ${pointer}; the file may have changed since it was read`)

/** As it will be read again: no undefined members, no TypeBox marks. */
function plain (value: unknown): unknown {
  return value === undefined ? null : JSON.parse(JSON.stringify(value))
}
