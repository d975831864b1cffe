/** The errors of RFC 6749, 6750, 7009, 8628, 8693, 8707, OpenID Connect Core 1.0 and RP-Initiated Logout that are told here. */
export type OAuthErrorCode = 'invalid_request' | 'invalid_client' | 'invalid_grant' | 'unauthorized_client' | 'unsupported_grant_type' | 'invalid_scope' | 'access_denied' |
  'unsupported_response_type' | 'login_required' | 'request_not_supported' | 'request_uri_not_supported' | 'registration_not_supported' |
  'invalid_token' | 'insufficient_scope' | 'authorization_pending' | 'slow_down' | 'expired_token'

/** What a client has done wrong, as the protocol tells it. */
export class OAuthError extends Error {
  readonly error: OAuthErrorCode
  readonly status: number
  readonly headers: Readonly<Record<string, string>>

  /** @param description for people, without quotes and backslashes (RFC 6749, section 5.2) */
  constructor (error: OAuthErrorCode, description: string, { status = 400, headers = {} }: { status?: number, headers?: Readonly<Record<string, string>> } = {}) {
    super(description)
    this.error = error
    this.status = status
    this.headers = headers
  }

  /** What its members may hold: visible ASCII but `"` and `\`. */
  get description (): string {
    return this.message.replace(/[^\u0020-\u0021\u0023-\u005B\u005D-\u007E]/g, "'")
  }
}
