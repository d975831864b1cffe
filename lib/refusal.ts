import type { RawRecord } from './request-log.ts'

/**
 * The answer to a request that comes to no endpoint because of what it says about itself (RFC 9457), and what the log says of it that does
 * not depend on the request.
 *
 * @param told members that go into the answer, and those of the log that are the same
 */
export function refusalOf ({ code, message, statusCode: status = 404 }: { code: string, message: string, statusCode?: number }, title: string, told: { readonly scope?: string, readonly profile?: string }) {
  const problem = { type: `urn:fastify-mock-server:error:${code}`, title, status, detail: message, code, ...told }
  const record = {
    status,
    scope: told.scope,
    profile: told.profile,
    body: undefined,
    endpoint: undefined,
    variant: undefined,
    moves: undefined,
    caller: undefined,
    injected: undefined,
    violations: undefined,
    aborted: false
  } satisfies Partial<RawRecord>
  return { problem, record }
}
