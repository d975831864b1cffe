/**
 * The words of a property's name, in lower case: `firstName`, `first_name`, `first-name` and `FirstName` are all
 * `['first', 'name']`.
 */
export function wordsOf (name: string): readonly string[] {
  let words = known.get(name)
  if (words === undefined) {
    if (known.size >= MAX_KNOWN) known.clear()
    known.set(name, words = split(name))
  }
  return words
}

const known = new Map<string, readonly string[]>()
const MAX_KNOWN = 20_000

function split (name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .filter(word => word !== '')
}

/** `categories` -> `category`, `addresses` -> `address`, `users` -> `user`, `status` as it is. */
export function singular (word: string): string {
  if (/(ss|us|is)$/.test(word)) return word
  if (/[^aeiou]ies$/.test(word)) return word.slice(0, -3) + 'y'
  if (/(ss|x|ch|sh)es$/.test(word)) return word.slice(0, -2)
  return word.endsWith('s') ? word.slice(0, -1) : word
}

/**
 * Makes a finder of what a table says of a name: all of its words, else as many of the last ones as are known.
 * `billing_email_address` is looked up as itself, `email_address`, `address`.
 *
 * @param rows by lists of names: `{'city town': ...}` is one row for both
 */
export function createLookUp<T> (rows: Record<string, T>): (name: string) => T | undefined {
  const table = new Map(Object.entries(rows).flatMap(([names, row]) => names.split(' ').map(name => [name, row] as const)))
  const found = new Map<string, T | undefined>()
  return name => {
    if (found.has(name)) return found.get(name)
    if (found.size >= MAX_KNOWN) found.clear()
    const row = find(table, wordsOf(name))
    found.set(name, row)
    return row
  }
}

function find<T> (table: ReadonlyMap<string, T>, words: readonly string[]): T | undefined {
  for (let from = 0; from < words.length; from++) {
    const row = table.get(words.slice(from).join('_'))
    if (row !== undefined) return row
  }
  // A list's items are what its name says in the plural.
  const last = words.at(-1)
  return last === undefined || singular(last) === last ? undefined : find(table, [...words.slice(0, -1), singular(last)])
}
