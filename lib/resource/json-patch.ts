import { isDeepStrictEqual } from 'node:util'
import { tokens } from '../json-pointer.ts'
import { isObject } from '../schema/subschemas.ts'

/** Why a patch cannot be applied, and which of its operations is to blame. */
export interface PatchFault {
  readonly index: number
  /** `malformed`: it is no patch; `missing`: it leads nowhere; `test`: a test failed; `large`: it makes too much of too little. */
  readonly kind: 'malformed' | 'missing' | 'test' | 'large'
  readonly message: string
}

const MOST_OPERATIONS = 1_000
/** What a patch may make of a value: so many characters and members together, and so deep. A handful of copies doubles it each time. */
const LARGEST = 16 * 1024 * 1024
const DEEPEST = 200
/** So many members and items are walked through in all: each operation makes new what it changes, and weighs it. */
const MOST_STEPS = 4_000_000

/**
 * Applies a JSON Patch (RFC 6902): all of it or nothing. Values are shared, never changed; only own members are seen.
 *
 * @example
 * applyJsonPatch({ a: 1 }, [{ op: 'replace', path: '/a', value: 2 }]) // { value: { a: 2 } }
 */
export function applyJsonPatch (value: unknown, patch: unknown): { value: unknown } | { fault: PatchFault } {
  if (!Array.isArray(patch)) return { fault: { index: 0, kind: 'malformed', message: 'a JSON Patch is a list of operations' } }
  if (patch.length > MOST_OPERATIONS) return { fault: { index: MOST_OPERATIONS, kind: 'large', message: `a patch has at most ${MOST_OPERATIONS} operations` } }
  const sizes = new Sizes()
  let result = value
  for (const [index, operation] of patch.entries()) {
    try {
      result = apply(result, operation)
      sizes.check(result)
    } catch (error) {
      if (error instanceof Fault) return { fault: { index, kind: error.kind, message: error.message } }
      throw error
    }
  }
  return { value: result }
}

class Fault extends Error {
  readonly kind: PatchFault['kind']

  constructor (kind: PatchFault['kind'], message: string) {
    super(message)
    this.kind = kind
  }
}

type Path = readonly string[]

function apply (root: unknown, operation: unknown): unknown {
  if (!isObject(operation)) throw new Fault('malformed', 'an operation is an object')
  const path = pathOf(operation, 'path')
  switch (operation.op) {
    case 'add': return add(root, path, valueOf(operation))
    case 'remove': return remove(root, path)
    case 'replace': {
      const value = valueOf(operation)
      read(root, path)
      return path.length === 0 ? value : edit(root, path, (parent, key) => set(parent, key, value))
    }
    case 'move': {
      const from = pathOf(operation, 'from')
      const value = read(root, from)
      if (path.length > from.length && from.every((step, i) => step === path[i])) throw new Fault('malformed', 'a value cannot be moved into itself')
      return path.length === from.length && from.every((step, i) => step === path[i]) ? root : add(remove(root, from), path, value)
    }
    case 'copy': return add(root, path, read(root, pathOf(operation, 'from')))
    case 'test': {
      if (!isDeepStrictEqual(read(root, path), valueOf(operation))) throw new Fault('test', `the value at '${String(operation.path)}' is another`)
      return root
    }
    default: throw new Fault('malformed', `there is no operation '${String(operation.op).slice(0, 40)}'`)
  }
}

function pathOf (operation: Readonly<Record<string, unknown>>, key: 'path' | 'from'): Path {
  const pointer = operation[key]
  if (typeof pointer !== 'string' || !/^(?:\/(?:[^~]|~[01])*)?$/.test(pointer)) throw new Fault('malformed', `'${key}' is a JSON pointer`)
  return tokens(pointer)
}

function valueOf (operation: Readonly<Record<string, unknown>>): unknown {
  if (!Object.hasOwn(operation, 'value')) throw new Fault('malformed', `'${String(operation.op)}' needs a 'value'`)
  return operation.value
}

const nowhere = (path: Path): Fault => new Fault('missing', `there is nothing at '/${path.join('/')}'`)

function read (root: unknown, path: Path): unknown {
  let at = root
  for (const step of path) {
    if (Array.isArray(at)) at = at[indexIn(at, step, at.length - 1, path)]
    else if (isObject(at) && Object.hasOwn(at, step)) at = at[step]
    else throw nowhere(path)
  }
  return at
}

function add (root: unknown, path: Path, value: unknown): unknown {
  if (path.length === 0) return value
  return edit(root, path, (parent, key) => {
    if (!Array.isArray(parent)) return set(parent, key, value)
    return parent.toSpliced(key === '-' ? parent.length : indexIn(parent, key, parent.length, path), 0, value)
  })
}

function remove (root: unknown, path: Path): unknown {
  read(root, path)
  if (path.length === 0) throw new Fault('malformed', 'the whole cannot be removed')
  return edit(root, path, (parent, key) => Array.isArray(parent)
    ? parent.toSpliced(Number(key), 1)
    : Object.fromEntries(Object.entries(parent).filter(([name]) => name !== key)))
}

type Container = readonly unknown[] | Readonly<Record<string, unknown>>

/** A copy of the root in which the parent of what the path leads to is another. */
function edit (root: unknown, path: Path, change: (parent: Container, key: string) => unknown, depth = 0): unknown {
  const step = path[depth]
  if (step === undefined || (!Array.isArray(root) && !isObject(root))) throw nowhere(path)
  if (depth === path.length - 1) return change(root, step)
  return set(root, step, edit(read(root, [step]), path, change, depth + 1))
}

/** Built of entries, so that a member called `__proto__` is one like any other. */
function set (parent: Container, key: string, value: unknown): unknown {
  if (Array.isArray(parent)) return parent.with(Number(key), value)
  const entries: Array<[string, unknown]> = Object.entries(parent)
  const at = entries.findIndex(([name]) => name === key)
  return Object.fromEntries(at === -1 ? [...entries, [key, value]] : entries.with(at, [key, value]))
}

function indexIn (list: readonly unknown[], step: string, most: number, path: Path): number {
  const index = /^(?:0|[1-9]\d{0,9})$/.test(step) ? Number(step) : NaN
  if (!(index <= most) || list.length + 1 < index) throw nowhere(path)
  return index
}

/** How much values come to when they are written out; each is counted once, however often it is shared. */
class Sizes {
  private readonly known = new WeakMap<object, { size: number, depth: number }>()
  private steps = 0

  check (value: unknown): void {
    const { size, depth } = this.of(value, 0)
    if (size > LARGEST) throw new Fault('large', 'the patch makes the row too large')
    if (depth > DEEPEST) throw new Fault('large', `the patch nests the row more than ${DEEPEST} levels deep`)
  }

  private of (value: unknown, level: number): { size: number, depth: number } {
    if (typeof value === 'string') return { size: value.length + 1, depth: 0 }
    if (typeof value !== 'object' || value === null) return { size: 1, depth: 0 }
    const known = this.known.get(value)
    if (known !== undefined) return known
    if (level > DEEPEST) return { size: 1, depth: DEEPEST + 1 }
    const total = { size: 1, depth: 0 }
    const keys = Array.isArray(value) ? undefined : Object.keys(value)
    const members: readonly unknown[] = Array.isArray(value) ? value : Object.values(value)
    this.steps += members.length
    if (this.steps > MOST_STEPS) throw new Fault('large', 'the patch changes lists and objects that are too long, too often')
    for (let i = 0; i < members.length; i++) {
      const { size, depth } = this.of(members[i], level + 1)
      total.size += size + (keys?.[i]?.length ?? 0)
      total.depth = Math.max(total.depth, depth + 1)
    }
    this.known.set(value, total)
    return total
  }
}
