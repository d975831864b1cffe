import { NO_STORE, type OidcAnswer } from './call.ts'
import { escapeHtml, hidden, page } from './html.ts'
import type { AuthorizationRequest } from './state.ts'

/**
 * Sends people back to the client (RFC 6749, section 4.1.2; OAuth 2.0 Multiple Response Types; Form Post Response Mode), with `iss`, so that
 * it can tell whose answer it is (RFC 9207).
 */
export function authorizationResponse ({ redirectUri, responseMode, state }: Pick<AuthorizationRequest, 'redirectUri' | 'responseMode' | 'state'>, issuer: string, members: Readonly<Record<string, string>>, cookie?: string): OidcAnswer {
  const all = { ...members, ...state !== undefined && { state }, iss: issuer }
  const cookies: Record<string, string> = cookie === undefined ? {} : { 'set-cookie': cookie }
  if (responseMode === 'form_post') {
    const fields = Object.entries(all).map(([name, value]) => hidden(name, value)).join('')
    return page('Signing in', `<form method="post" action="${escapeHtml(redirectUri)}">${fields}<button class="main">Continue</button></form>`, { headers: cookies, isSent: true })
  }
  const url = new URL(redirectUri)
  if (responseMode === 'fragment') url.hash = new URLSearchParams(all).toString()
  else for (const [name, value] of Object.entries(all)) url.searchParams.append(name, value)
  // 303, so that browsers do not send the form with the password again.
  return { status: 303, headers: { ...NO_STORE, ...cookies, location: url.href } }
}
