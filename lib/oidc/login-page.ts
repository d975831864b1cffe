import type { OidcAnswer, Provider } from './call.ts'
import { alert, escapeHtml, hidden, page } from './html.ts'
import { findPerson, type Person } from './people.ts'

export interface LoginPageOptions {
  /** Where the form goes. */
  readonly action: string
  readonly fields: Readonly<Record<string, string>>
  /** What people sign in to. */
  readonly client: string
  readonly hint?: string | undefined
  readonly mistake?: string | undefined
  /** A code that people type in as well, or have come with. */
  readonly code?: string | undefined
}

/** Everybody who can sign in, to be clicked; and a name and a password, to be typed. */
export function loginPage ({ action, fields, client, hint, mistake, code }: LoginPageOptions, { people }: Provider): OidcAnswer {
  const form = (content: string): string => `<form method="post" action="${escapeHtml(action)}">${Object.entries(fields).map(([name, value]) => hidden(name, value)).join('')}${content}</form>`
  const hinted = hint === undefined ? undefined : findPerson(people, hint)
  const ordered = hinted === undefined ? people : [hinted, ...people.filter(person => person !== hinted)]
  const clickable = ordered.length === 0 ? '' : `<h2 id="people">Continue as</h2>${form(`<ul aria-labelledby="people">${ordered.map(button).join('')}</ul>`)}`
  return page('Sign in', `
<p>to continue to <strong>${escapeHtml(client)}</strong>${code === undefined ? '' : `, with the code <strong>${escapeHtml(code)}</strong>`}</p>
${alert(mistake)}
${clickable}
<h2>Or with a name and a password</h2>
${form(`<label for="username">Name or e-mail</label><input id="username" name="username" autocomplete="username" required value="${escapeHtml(hint ?? '')}">
<label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password">
<button class="main">Sign in</button>`)}
${form('<button class="plain" name="refuse" value="yes">Cancel</button>')}
`, { status: mistake === undefined ? 200 : 400 })
}

function button ({ name, description, claims }: Person): string {
  const note = description ?? (typeof claims.email === 'string' ? claims.email : '')
  return `<li><button name="persona" value="${escapeHtml(name)}">${escapeHtml(name)}<small>${escapeHtml(note)}</small></button></li>`
}
