import type { RawRecord } from '../request-log.ts'

/** The answer to a request that names a scope that there is not (RFC 9457), and what the log says of it that does not depend on the request. */
export function unknownScope ({ code, message, statusCode: status = 404 }: { code: string, message: string, statusCode?: number }, scope: string) {
  const problem = { type: `urn:fastify-mock-server:error:${code}`, title: 'No such scope', status, detail: message, code, scope }
  const record = {
    status,
    scope,
    body: undefined,
    endpoint: undefined,
    variant: undefined,
    moves: undefined,
    injected: undefined,
    violations: undefined,
    aborted: false
  } satisfies Partial<RawRecord>
  return { problem, record }
}
