import { authorizationResponse } from './authorization-response.ts'
import { readAuthorizationRequest, readDestination } from './authorization-request.ts'
import type { Call, OidcAnswer, Operate, Provider } from './call.ts'
import { displayName } from './clients.ts'
import { grantedScopes } from './granted-scopes.ts'
import { notice } from './html.ts'
import { readIdTokenHint } from './id-token-hint.ts'
import { opaque } from './issue-tokens.ts'
import { beginLogin, currentLogin } from './login-cookie.ts'
import { loginPage } from './login-page.ts'
import { OAuthError } from './oauth-error.ts'
import { findPerson, type Person } from './people.ts'
import { personShown } from './person-shown.ts'
import { createGrant, type AuthorizationRequest, type Login } from './state.ts'

/** How long people may take to sign in, in milliseconds. */
const PATIENCE = 3_600_000
const CODE_LIFETIME = 60

/** The authorization endpoint (RFC 6749, section 3.1; OpenID Connect Core 1.0, section 3.1.2), and where its login page goes to. */
export const authorize: Operate = async (call, provider) => {
  try {
    const interaction = call.method === 'POST' ? call.parameters.get('interaction') : undefined
    if (interaction !== undefined) return await submit(interaction, call, provider)
    const destination = readDestination(call, provider)
    try {
      return await proceed(readAuthorizationRequest(call, provider, destination), call, provider)
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error
      return authorizationResponse(destination, call.issuer, { error: error.error, error_description: error.description })
    }
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    return notice('This cannot be signed in to', error.message, { status: 400 })
  }
}

async function proceed (request: AuthorizationRequest, call: Call, provider: Provider): Promise<OidcAnswer> {
  const { prompts, loginHint } = request
  const login = await usable(currentLogin(call), request, call, provider)
  if (login !== undefined) return finish(request, login, call, provider)
  if (provider.options.login === 'auto') {
    const person = automatic(provider, loginHint)
    if (person === undefined) throw new OAuthError(prompts.includes('none') ? 'login_required' : 'access_denied', `there is no persona ${loginHint ?? ''}`)
    const begun = beginLogin(call, provider, person)
    return finish(request, begun.login, call, provider, begun.cookie)
  }
  if (prompts.includes('none')) throw new OAuthError('login_required', 'nobody is signed in')
  const interaction = opaque()
  call.state.interactions.put(interaction, request, call.now + PATIENCE)
  return ask(interaction, request, call, provider)
}

/** The login of this browser, where the request takes it. */
async function usable (login: Login | undefined, { prompts, maxAge, loginHint }: AuthorizationRequest, call: Call, provider: Provider): Promise<Login | undefined> {
  if (login === undefined || prompts.includes('login') || prompts.includes('select_account')) return undefined
  if (maxAge !== undefined && (maxAge === 0 || call.now > login.at + maxAge * 1000)) return undefined
  if (provider.options.login === 'auto' && loginHint !== undefined && automatic(provider, loginHint)?.sub !== login.person.sub) return undefined
  const hint = call.parameters.get('id_token_hint')
  return hint === undefined || (await readIdTokenHint(hint, provider.keys)).sub === login.person.sub ? login : undefined
}

const automatic = ({ people }: Provider, hint: string | undefined): Person | undefined => hint === undefined ? people[0] : findPerson(people, hint)

function ask (interaction: string, { client, loginHint }: AuthorizationRequest, call: Call, provider: Provider, mistake?: string): OidcAnswer {
  return loginPage({ action: call.urlOf('authorize'), fields: { interaction }, client: displayName(client, provider), hint: loginHint, mistake }, provider)
}

async function submit (interaction: string, call: Call, provider: Provider): Promise<OidcAnswer> {
  const request = call.state.interactions.find(interaction, call.now)
  if (request === undefined) throw new OAuthError('invalid_request', 'This login was finished before, or it took too long. Begin again where you came from.')
  if (call.parameters.get('refuse') !== undefined) {
    call.state.interactions.delete(interaction)
    return authorizationResponse(request, call.issuer, { error: 'access_denied', error_description: 'the person has refused' })
  }
  const person = personShown(call, provider)
  if (typeof person === 'string') return ask(interaction, request, call, provider, person)
  call.state.interactions.delete(interaction)
  const { login, cookie } = beginLogin(call, provider, person)
  return finish(request, login, call, provider, cookie)
}

function finish (request: AuthorizationRequest, login: Login, call: Call, { options }: Provider, cookie?: string): OidcAnswer {
  const code = opaque()
  const { client, scopes, resources, nonce, acr } = request
  const authorization = { client, login, scopes: grantedScopes(scopes, login.person), resources, nonce, acr, grant: createGrant() }
  call.state.codes.put(code, { request, authorization, isUsed: false }, call.now + (options.code_ttl_s ?? CODE_LIFETIME) * 1000)
  return authorizationResponse(request, call.issuer, { code }, cookie)
}
