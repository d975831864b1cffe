import { OAuthError } from './oauth-error.ts'
import type { Parameters } from './parameters.ts'

/** What access tokens are to be for: `resource` (RFC 8707), or `audience`, as others call it. */
export function resourcesOf (parameters: Parameters): string[] {
  const resources = parameters.all('resource')
  if (!resources.every(resource => URL.canParse(resource) && !resource.includes('#'))) throw new OAuthError('invalid_request', 'resource has to be an absolute address without a fragment')
  return [...new Set([...resources, ...parameters.all('audience')])]
}
