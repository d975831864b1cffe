import type { Faker } from '@faker-js/faker'

/** Whom an object is about, so that its name, user name and e-mail address belong together. */
export interface Persona {
  readonly first: string
  readonly last: string
  readonly full: string
  /** `ada.lovelace` */
  readonly handle: string
}

export function createPersona (faker: Faker): Persona {
  const first = faker.person.firstName()
  const last = faker.person.lastName()
  const handle = `${ascii(first)}.${ascii(last)}`.replace(/^\.|\.$/g, '') || 'someone'
  return { first, last, full: `${first} ${last}`, handle }
}

/** Letters and digits that any mail system takes. */
function ascii (text: string): string {
  return text.normalize('NFKD').toLowerCase().replace(/[^a-z\d]/g, '')
}
