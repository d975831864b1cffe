import type { Provider } from './call.ts'
import { findPerson, stranger, type Person } from './people.ts'

/** Who signs in with a name and a password; any password where the persona has none. Undefined where one of them is wrong. */
export function signIn ({ people, isOpen }: Provider, name: string, password: string): Person | undefined {
  const person = findPerson(people, name)
  if (person === undefined) return isOpen ? stranger(name) : undefined
  return person.password === undefined || person.password === password ? person : undefined
}
