import { scopesOf, STANDARD_SCOPES, type Person } from './people.ts'

/** Of the scopes that are asked for, those that the persona has, where it is told which; all of these where none is asked for. */
export function grantedScopes (wanted: readonly string[], person: Person): string[] {
  const has = scopesOf(person)
  if (has === undefined) return [...wanted]
  return wanted.length === 0 ? has : wanted.filter(scope => STANDARD_SCOPES.includes(scope) || has.includes(scope))
}
