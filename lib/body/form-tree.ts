/**
 * The names of form fields, read as paths: `items[0][price]`, `tags[]`. Kept in Maps, so that a field called `__proto__` is
 * only a field.
 */
export interface FormNode {
  /** What came under this very name, in order. */
  readonly leaves: unknown[]
  /** What came under names that go on; the keys of list items are their numbers. */
  children: Map<string, FormNode> | undefined
}

/** Deeper names stay as they are: whoever reads the result recurses. */
const MAX_DEPTH = 32

export const formNode = (): FormNode => ({ leaves: [], children: undefined })

/**
 * Splits a name in brackets; undefined where it has none, or not in pairs: such a name is meant as it stands.
 *
 * @example
 * fieldPath('items[0][price]') // { base: 'items', path: ['0', 'price'] }
 * fieldPath('a[b') // undefined
 */
export function fieldPath (name: string): { base: string, path: string[] } | undefined {
  const open = name.indexOf('[')
  const path = open <= 0 ? undefined : bracketPath(name.slice(open))
  return path === undefined ? undefined : { base: name.slice(0, open), path }
}

/** What stands in brackets: `[0][price]`; undefined where that is not all, or too much. */
export function bracketPath (text: string): string[] | undefined {
  if (!text.startsWith('[') || !text.endsWith(']')) return undefined
  const path = text.slice(1, -1).split('][')
  return path.length > MAX_DEPTH || path.some(key => key.includes('[') || key.includes(']')) ? undefined : path
}

/**
 * Puts a value where a path leads. An empty key (`items[][price]`) goes on with the list's last item as long as that has no
 * such value yet, and else begins the next one, as Rack and Rails read it.
 */
export function putField (node: FormNode, path: readonly string[], value: unknown): void {
  let at = node
  for (let i = 0; i < path.length; i++) {
    const key = path[i]!
    at.children ??= new Map()
    const name = key === '' ? itemKey(at.children, path.slice(i + 1)) : key
    let next = at.children.get(name)
    if (next === undefined) {
      next = formNode()
      at.children.set(name, next)
    }
    at = next
  }
  at.leaves.push(value)
}

function itemKey (items: ReadonlyMap<string, FormNode>, rest: readonly string[]): string {
  const last = items.size - 1
  const item = items.get(String(last))
  return item !== undefined && rest.length > 0 && !isTaken(item, rest) ? String(last) : String(items.size)
}

/** Whether there is a value already; of a list in the list there is always room for one more. */
function isTaken (node: FormNode, path: readonly string[]): boolean {
  let at: FormNode | undefined = node
  for (const key of path) {
    if (key === '') return false
    at = at.children?.get(key)
    if (at === undefined) return false
  }
  return at.leaves.length > 0 || at.children !== undefined
}

/** Whether all names below are numbers, as those of a list's items. */
export const isNumbered = (children: ReadonlyMap<string, FormNode>): boolean =>
  [...children.keys()].every(key => /^\d{1,15}$/.test(key))

/** The items in the order of their numbers; gaps close up, so that `a[1000000]=x` is a list of one. */
export const itemsOf = (children: ReadonlyMap<string, FormNode>): FormNode[] =>
  [...children].sort(([a], [b]) => Number(a) - Number(b)).map(([, node]) => node)
