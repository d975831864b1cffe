import { OAuthError } from './oauth-error.ts'

/** The parameters of a request: each is there once (RFC 6749, section 3.1), but for those that name several resources. */
export interface Parameters {
  /**
   * Undefined where it is missing or empty, which is the same (RFC 6749, section 3.1).
   *
   * @throws OAuthError where it is there more than once
   */
  get (name: string): string | undefined
  /** @throws OAuthError where it is missing */
  need (name: string): string
  all (name: string): string[]
  entries (): Array<[string, string]>
}

/** @example readParameters('scope=openid&state=1').get('state') // '1' */
export function readParameters (source: string | Array<[string, string]>): Parameters {
  const fields = new URLSearchParams(source)
  const all = (name: string): string[] => fields.getAll(name).filter(value => value !== '')
  const get = (name: string): string | undefined => {
    const values = all(name)
    if (values.length > 1) throw new OAuthError('invalid_request', `${name} is there more than once`)
    return values[0]
  }
  return {
    get,
    need (name) {
      const value = get(name)
      if (value === undefined) throw new OAuthError('invalid_request', `${name} is missing`)
      return value
    },
    all,
    entries: () => [...fields]
  }
}

/** Words with spaces between, each once. */
export const wordsOf = (text: string | undefined): string[] => [...new Set((text ?? '').split(' ').filter(word => word !== ''))]
