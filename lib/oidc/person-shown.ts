import type { Call, Provider } from './call.ts'
import type { Person } from './people.ts'
import { signIn } from './sign-in.ts'

/**
 * Who signs in with the form of a page: somebody who was clicked, which needs no password, or a name and a password. A text is what is
 * wrong with it.
 */
export function personShown ({ parameters }: Call, provider: Provider): Person | string {
  const clicked = parameters.get('persona')
  if (clicked !== undefined) return provider.people.find(({ name }) => name === clicked) ?? `There is nobody called ${clicked}.`
  const name = parameters.get('username')
  if (name === undefined) return 'A name is needed.'
  return signIn(provider, name, parameters.get('password') ?? '') ?? 'The name or the password is wrong.'
}
