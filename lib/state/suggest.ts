import { nearest } from '../config/nearest.ts'

/**
 * What to do about a name that is not there, as the end of a sentence: the nearest, else what there is.
 *
 * @param none what is to be said where there is nothing
 * @example
 * suggest('filed', ['empty', 'filled'], 'it has no states') // "did you mean 'filled'?"
 */
export function suggest (name: string, names: readonly string[], none: string): string {
  const near = nearest(name, names)
  if (near !== undefined) return `did you mean '${near}'?`
  if (names.length === 0) return none
  const told = names.slice(0, 10).map(known => `'${known}'`).join(', ')
  return `there ${names.length === 1 ? 'is' : 'are'} ${told}${names.length > 10 ? ` and ${names.length - 10} more` : ''}`
}
