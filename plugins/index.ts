import mockPlugin from './mock.ts'

/** What `fastify-mock-server` exports. */
export default mockPlugin
export { mockPlugin }
export type { MockPluginOptions } from './mock.ts'

// Types alone: the TypeBox schemas of the same names are in `fastify-mock-server/config`, for who wants to load TypeBox.
export type { Clock, TimeSource } from '../lib/clock.ts'
export type { Duration, Moment } from '../lib/clock/moment.ts'
export type { ClockInfo, TestClock } from '../lib/clock/virtual-clock.ts'
export type { Config, Defaults, Endpoint, Failure, JsonSchema, Latency, RequestSchemas, Resource, Response, WrittenEndpoint } from '../lib/config.ts'
export type { Collection, Collections, CollectionsSnapshot, Row, RowId, SnapshotInfo } from '../lib/collection/collection.ts'
export { formatDiagnostic } from '../lib/diagnostic.ts'
export type { Diagnostic } from '../lib/diagnostic.ts'
export type { Candidate, Explanation, Outcome } from '../lib/explain.ts'
export type { LoggedQuestion, Question } from '../lib/explain/question.ts'
export type { IdentifiedEndpoint, Mock, ReloadEvent, ReloadResult, RouteInfo } from '../lib/mock.ts'
export type { LogEntry, LogFilter, LoggedBody, LogQuery, RequestLog } from '../lib/request-log.ts'
export type { MockScope, MockServer, MockSession } from '../lib/mock-session.ts'
export type { RequestView } from '../lib/request-view.ts'
export type { ScenarioChange, ScenarioInfo, Scenarios } from '../lib/state/scenarios.ts'
export type { SituationInfo, Situations, VariantInfo, Variants } from '../lib/state/switches.ts'
export type { VariableChange, Variables } from '../lib/state/variables.ts'
export type { CallOf, EndpointCall } from '../lib/verification/call.ts'
export type { Count } from '../lib/verification/count.ts'
export type { RequestLike, RequestPattern } from '../lib/verification/request-pattern.ts'
export { VerificationError } from '../lib/verification/verification-error.ts'
export type { Verification } from '../lib/verification/verification.ts'
export type { Delivery, DeliveryFilter } from '../lib/webhook/delivery.ts'
export type { TriggerOptions, WebhookInfo, Webhooks } from '../lib/webhook/webhooks.ts'
export type { TemplateContext } from '../lib/template/context.ts'
export type { TemplateHelper } from '../lib/template/helper.ts'
