import type { Operate } from './call.ts'
import { allowsRedirect, findClient } from './clients.ts'
import { notice } from './html.ts'
import { readIdTokenHint } from './id-token-hint.ts'
import { endLogin } from './login-cookie.ts'
import { OAuthError } from './oauth-error.ts'

/** OpenID Connect RP-Initiated Logout 1.0. People are sent on to where the client may have them sent only. */
export const logout: Operate = async (call, provider) => {
  const { parameters } = call
  try {
    const hint = parameters.get('id_token_hint')
    const audience = hint === undefined ? undefined : (await readIdTokenHint(hint, provider.keys)).aud
    const id = parameters.get('client_id') ?? audience
    if (audience !== undefined && id !== audience) throw new OAuthError('invalid_request', 'client_id is not that of id_token_hint.')
    const address = parameters.get('post_logout_redirect_uri')
    const state = parameters.get('state')
    if (address !== undefined) {
      const client = id === undefined ? provider.options.clients === undefined ? { id: '' } : undefined : findClient(id, provider)
      if (client === undefined) throw new OAuthError('invalid_request', 'To be sent on, an id_token_hint or the client_id of a client that there is is needed.')
      if (!allowsRedirect(address, client, 'post_logout_redirect_uris')) throw new OAuthError('invalid_request', `post_logout_redirect_uri '${address}' is not one of oidc.clients.${client.id}.post_logout_redirect_uris.`)
    }
    const cookie = endLogin(call)
    if (address === undefined) return notice('Signed out', 'You can close this page.', { headers: { 'set-cookie': cookie } })
    const url = new URL(address)
    if (state !== undefined) url.searchParams.append('state', state)
    return { status: 303, headers: { 'set-cookie': cookie, 'cache-control': 'no-store', location: url.href } }
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    return notice('This is no way to sign out', error.message, { status: 400 })
  }
}
