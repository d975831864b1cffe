/** What `fastify-mock-server/client` exports: for tests that run elsewhere, in browsers too. */
export { MockClientError } from './client-error.ts'
export { connect, type ConnectOptions } from './connect.ts'
export { VerificationError } from '../verification/verification-error.ts'
export type { VerificationReport } from '../verification/report.ts'
export type { Count } from '../verification/count.ts'
export type { CallOf, EndpointCall } from '../verification/call.ts'
export type { RequestLike, RequestPattern } from '../verification/request-pattern.ts'
export type { Awaitable, MockScope, MockServer, MockSession } from '../mock-session.ts'
