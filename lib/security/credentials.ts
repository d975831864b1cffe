/** Credentials of the header `Authorization` (RFC 9110, section 11.4). */
export interface Credentials {
  /** In lower case: `basic`. */
  scheme: string
  /** What follows it. */
  value: string
}

/** Undefined where there is no header, or nothing in it. */
export function credentialsOf (authorization: string | undefined): Credentials | undefined {
  // Trimmed beforehand: an expression that leaves out the white space at the end tries each run of it, which takes its square.
  const [, scheme, value = ''] = /^([^\s,]+)(?:\s+(.*))?$/s.exec(authorization?.trim() ?? '') ?? []
  return scheme === undefined ? undefined : { scheme: scheme.toLowerCase(), value }
}

/**
 * What is wrong with the form of credentials; undefined when nothing is. Of schemes that are not known here, something has to follow
 * their name.
 */
export function malformed ({ scheme, value }: Credentials): string | undefined {
  return (FORMS[scheme] ?? (text => text === '' ? 'nothing follows the scheme' : undefined))(value)
}

const DIGEST_PARAMETERS = ['username', 'realm', 'nonce', 'uri', 'response'] as const

const FORMS: Readonly<Record<string, (value: string) => string | undefined>> = {
  // RFC 7617, section 2.
  basic (value) {
    if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(value)) return 'is not base64'
    return Buffer.from(value, 'base64').includes(0x3A) ? undefined : "is not the base64 of 'user:password'"
  },
  // RFC 6750, section 2.1, allows less; tokens with | or : are about, and a mock must not be the only one to refuse them.
  bearer: value => value === '' ? 'has no token' : /[\s,]/.test(value) ? 'is not one token' : undefined,
  // RFC 7616, section 3.4.
  digest (value) {
    const missing = DIGEST_PARAMETERS.filter(name => !new RegExp(`(?:^|[\\s,])${name}\\s*=`, 'i').test(value))
    return missing.length === 0 ? undefined : `lacks ${missing.join(', ')}`
  }
}
