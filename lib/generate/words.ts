/**
 * The words of a property's name, in lower case: `firstName`, `first_name`, `first-name` and `FirstName` are all
 * `['first', 'name']`.
 */
export function wordsOf (name: string): string[] {
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
 * Finds what a table says of a name: all of its words, else as many of the last ones as are known. `billing_email_address`
 * is looked up as itself, `email_address`, `address`.
 */
export function lookUp<T> (table: ReadonlyMap<string, T>, name: string): T | undefined {
  const words = wordsOf(name)
  for (let from = 0; from < words.length; from++) {
    const found = table.get(words.slice(from).join('_'))
    if (found !== undefined) return found
  }
  return undefined
}
