import createError from '@fastify/error'

/**
 * Every error that this package throws. Name and code are the same; each is explained in `docs/errors.md`, and a test
 * holds the two together.
 */

export const MOCK_ERR_CONFIG_INVALID = createError('MOCK_ERR_CONFIG_INVALID', '%s', 400)

export const MOCK_ERR_FILE_MISSING = createError('MOCK_ERR_FILE_MISSING', "The file '%s' that this endpoint sends cannot be read", 500)

export const MOCK_ERR_FILE_OUTSIDE = createError('MOCK_ERR_FILE_OUTSIDE', "The file '%s' lies outside the folder that files are sent from", 500)

export const MOCK_ERR_TEMPLATE = createError('MOCK_ERR_TEMPLATE', '%s', 400)

export const MOCK_ERR_TEMPLATE_RENDER = createError('MOCK_ERR_TEMPLATE_RENDER', '%s', 500)

export const MOCK_ERR_CONTENT_TYPE = createError('MOCK_ERR_CONTENT_TYPE', "The content type '%s' is not one that this endpoint takes: %s", 415)

export const MOCK_ERR_CREDENTIALS = createError('MOCK_ERR_CREDENTIALS', 'Credentials are missing, malformed or do not count: %s', 401)

export const MOCK_ERR_FORBIDDEN = createError('MOCK_ERR_FORBIDDEN', 'The credentials do not suffice: %s', 403)

export const MOCK_ERR_METHOD = createError('MOCK_ERR_METHOD', 'The endpoint answers %s, and not %s', 405)

export const MOCK_ERR_NO_SUCH_VARIANT = createError('MOCK_ERR_NO_SUCH_VARIANT', '%s', 404)

export const MOCK_ERR_PREFERENCE = createError('MOCK_ERR_PREFERENCE', '%s', 400)

export const MOCK_ERR_NOT_ACCEPTABLE = createError('MOCK_ERR_NOT_ACCEPTABLE', "The request accepts '%s', and the answer can be had as %s", 406)

export const MOCK_ERR_WAIT_TIMEOUT = createError('MOCK_ERR_WAIT_TIMEOUT', 'No request %s came within %d ms. %s', 504)

export const MOCK_ERR_PREFIX_TAKEN = createError('MOCK_ERR_PREFIX_TAKEN', "A mock server is registered under the prefix '%s' already; give each its own `prefix`", 500)

export const MOCK_ERR_LOCALE_UNKNOWN = createError('MOCK_ERR_LOCALE_UNKNOWN', "no data for the locale '%s'", 400)

export const MOCK_ERR_ENDPOINT_UNKNOWN = createError('MOCK_ERR_ENDPOINT_UNKNOWN', "There is no endpoint with the id '%s'", 404)

export const MOCK_ERR_ENDPOINT_CONFLICT = createError('MOCK_ERR_ENDPOINT_CONFLICT', 'The endpoint cannot be added: %s', 409)

export const MOCK_ERR_NOT_SAVED = createError('MOCK_ERR_NOT_SAVED', 'The edits cannot be written to a file: %s', 409)

export const MOCK_ERR_NOT_READY = createError('MOCK_ERR_NOT_READY', 'The mock server is not ready: no configuration is live yet', 503)

export const MOCK_ERR_CONTROL_HOST = createError('MOCK_ERR_CONTROL_HOST', "Mock control is not served under the host name '%s'; add it to `control.allowed_hosts` if it is yours", 421)

export const MOCK_ERR_CONTROL_ORIGIN = createError('MOCK_ERR_CONTROL_ORIGIN', "Mock control takes no requests from pages of '%s'", 403)

export const MOCK_ERR_CONTROL_TOKEN = createError('MOCK_ERR_CONTROL_TOKEN', 'Mock control needs the header `Authorization: Bearer <token>` with the token of `control.token`, or the one told at start', 401)

export const MOCK_ERR_CONTROL_ROUTE = createError('MOCK_ERR_CONTROL_ROUTE', 'Mock control has no %s %s; see %s for what it has', 404)

export const MOCK_ERR_CONTROL_BODY = createError('MOCK_ERR_CONTROL_BODY', '%s', 400)

export const MOCK_ERR_CONTROL_MEDIA_TYPE = createError('MOCK_ERR_CONTROL_MEDIA_TYPE', "Mock control reads JSON, not '%s'; send the header `Content-Type: application/json`", 415)

export const MOCK_ERR_CONTROL_STREAMS = createError('MOCK_ERR_CONTROL_STREAMS', 'There are %d streams of the request log open already; close one', 503)

export const MOCK_ERR_LOG_ENTRY_UNKNOWN = createError('MOCK_ERR_LOG_ENTRY_UNKNOWN', 'The request log has no entry %d (any more): %s', 404)

export const MOCK_ERR_OPENAPI_INVALID = createError('MOCK_ERR_OPENAPI_INVALID', "%s is no OpenAPI document: it has neither an 'openapi' nor a 'swagger' key", 400)

export const MOCK_ERR_OPENAPI_SYNTAX = createError('MOCK_ERR_OPENAPI_SYNTAX', '%s cannot be read: %s', 400)

export const MOCK_ERR_OPENAPI_UNREADABLE = createError('MOCK_ERR_OPENAPI_UNREADABLE', '%s cannot be read: %s', 400)

export const MOCK_ERR_OPENAPI_TOO_LARGE = createError('MOCK_ERR_OPENAPI_TOO_LARGE', '%s is too large: %s', 413)

export const MOCK_ERR_STATUS_INFORMATIONAL = createError('MOCK_ERR_STATUS_INFORMATIONAL', 'The status %d is no answer but announces one, so that a client would wait for ever', 500)

export const MOCK_ERR_PREFIX_INVALID = createError('MOCK_ERR_PREFIX_INVALID', "The prefix '%s' is not a path: it begins with a slash, and has neither parameters nor wildcards", 500)

export const MOCK_ERR_WEBHOOK_UNKNOWN = createError('MOCK_ERR_WEBHOOK_UNKNOWN', "There is no webhook called '%s'; %s", 404)

export const MOCK_ERR_WEBHOOK_TARGET = createError('MOCK_ERR_WEBHOOK_TARGET', "The webhook '%s' cannot be sent: %s", 400)

export const MOCK_ERR_DELIVERY_TIMEOUT = createError('MOCK_ERR_DELIVERY_TIMEOUT', 'No delivery %s was settled within %d ms. %s', 504)

export const MOCK_ERR_CONTROL_DELIVERY = createError('MOCK_ERR_CONTROL_DELIVERY', 'Mock control takes no webhooks and callbacks of a mock server', 403)

export const MOCK_ERR_IMPORT_BASE = createError('MOCK_ERR_IMPORT_BASE', "'%s' cannot be used as what was imported last: %s", 400)

export const MOCK_ERR_BODY_MALFORMED = createError('MOCK_ERR_BODY_MALFORMED', 'The body cannot be read as %s: %s', 400)

export const MOCK_ERR_CONTENT_ENCODING = createError('MOCK_ERR_CONTENT_ENCODING', "The content encoding '%s' cannot be read, only %s", 415)

export const MOCK_ERR_SCENARIO_UNKNOWN = createError('MOCK_ERR_SCENARIO_UNKNOWN', "There is no scenario called '%s': %s", 404)

export const MOCK_ERR_SCENARIO_STATE_UNKNOWN = createError('MOCK_ERR_SCENARIO_STATE_UNKNOWN', "The scenario '%s' has no state '%s': %s", 422)

export const MOCK_ERR_VARIANT_UNKNOWN = createError('MOCK_ERR_VARIANT_UNKNOWN', "The endpoint '%s' has no answer called '%s': %s", 422)

export const MOCK_ERR_SITUATION_UNKNOWN = createError('MOCK_ERR_SITUATION_UNKNOWN', "There is no situation called '%s': %s", 404)

export const MOCK_ERR_VARIABLE_UNKNOWN = createError('MOCK_ERR_VARIABLE_UNKNOWN', "There is no variable called '%s': %s", 404)

export const MOCK_ERR_COLLECTION_UNKNOWN = createError('MOCK_ERR_COLLECTION_UNKNOWN', "There is no collection called '%s': %s", 404)

export const MOCK_ERR_ROW_CONFLICT = createError('MOCK_ERR_ROW_CONFLICT', 'The row is not taken: %s', 409)

export const MOCK_ERR_ROW_INVALID = createError('MOCK_ERR_ROW_INVALID', "The row does not fit the collection '%s': %s", 422)

export const MOCK_ERR_EXPLAIN_REQUEST = createError('MOCK_ERR_EXPLAIN_REQUEST', 'The request to explain cannot be read: %s', 400)

export const MOCK_ERR_REQUEST_PATTERN = createError('MOCK_ERR_REQUEST_PATTERN', 'What is claimed of requests makes no sense: %s', 400)

export { VerificationError as MOCK_ERR_VERIFICATION } from './verification/verification-error.ts'

export { NoControlError as MOCK_ERR_CLIENT_CONTROL, UnreachableError as MOCK_ERR_CLIENT_UNREACHABLE, VersionError as MOCK_ERR_CLIENT_VERSION } from './client/client-error.ts'

export const MOCK_ERR_ROW_UNKNOWN = createError('MOCK_ERR_ROW_UNKNOWN', "The collection '%s' has no row '%s'", 404)

export const MOCK_ERR_SNAPSHOT_UNKNOWN = createError('MOCK_ERR_SNAPSHOT_UNKNOWN', "There is no snapshot called '%s': %s", 404)

export const MOCK_ERR_SNAPSHOT_LIMIT = createError('MOCK_ERR_SNAPSHOT_LIMIT', 'There are %d snapshots already; delete one', 409)

export const MOCK_ERR_PERSIST_LOCKED = createError('MOCK_ERR_PERSIST_LOCKED', "The folder '%s' is in use by another server (%s); stop it, or give each its own `persist.folder`", 500)

export const MOCK_ERR_PERSIST_UNREADABLE = createError('MOCK_ERR_PERSIST_UNREADABLE', "The state kept in '%s' cannot be read: %s", 500)

export const MOCK_ERR_PERSIST_FAILED = createError('MOCK_ERR_PERSIST_FAILED', "The state cannot be written to '%s' any more: %s", 503)

export const MOCK_ERR_SCOPE_UNKNOWN = createError('MOCK_ERR_SCOPE_UNKNOWN', "There is no scope '%s' (any more); create one with `mock.scopes.create()`, or POST /__mock/api/scopes", 404)

export const MOCK_ERR_SCOPE_ID = createError('MOCK_ERR_SCOPE_ID', "'%s' cannot be the id of a scope: it has 1 to 128 letters, digits, and . _ ~ -", 400)

export const MOCK_ERR_SCOPE_TAKEN = createError('MOCK_ERR_SCOPE_TAKEN', "There is a scope '%s' already; dispose it, or leave the id away to get one of your own", 409)

export const MOCK_ERR_SCOPE_LIMIT = createError('MOCK_ERR_SCOPE_LIMIT', 'There are %d scopes already, as many as `scopes.max` allows; dispose those that are done with', 503)

export const MOCK_ERR_SCOPE_OPTIONS = createError('MOCK_ERR_SCOPE_OPTIONS', 'The scope cannot be created: %s', 400)

export const MOCK_ERR_OVERLAY_UNKNOWN = createError('MOCK_ERR_OVERLAY_UNKNOWN', "There is no overlay '%s' (any more)", 404)

export const MOCK_ERR_OVERLAY_TIMES = createError('MOCK_ERR_OVERLAY_TIMES', "'%s' is not how often an overlay can answer: `times` is a whole number from 1", 400)

export const MOCK_ERR_ROW_IN_USE = createError('MOCK_ERR_ROW_IN_USE', "The row '%s' cannot be deleted: %d of '%s' belong to it", 409)

export const MOCK_ERR_ENDPOINT_LOST = createError('MOCK_ERR_ENDPOINT_LOST', "The connection between the cache and the endpoint broke (fault '%s')", 502)

export const MOCK_ERR_NOT_CACHED = createError('MOCK_ERR_NOT_CACHED', 'The cache has no answer that it could use, and the request wants no other (`Cache-Control: only-if-cached`)', 504)

export const MOCK_ERR_PRECONDITION_FAILED = createError('MOCK_ERR_PRECONDITION_FAILED', 'The precondition does not hold: %s', 412)

export const MOCK_ERR_PRECONDITION_REQUIRED = createError('MOCK_ERR_PRECONDITION_REQUIRED', 'A change needs the header `If-Match` with the `ETag` that the row was read with', 428)

export const MOCK_ERR_PATCH = createError('MOCK_ERR_PATCH', 'Operation %d of the patch cannot be done: %s', 409)

export const MOCK_ERR_PATCH_TOO_LARGE = createError('MOCK_ERR_PATCH_TOO_LARGE', 'Operation %d of the patch cannot be done: %s', 413)

export const MOCK_ERR_CLOCK_TIME = createError('MOCK_ERR_CLOCK_TIME', '%s', 400)

export const MOCK_ERR_CLOCK_WAIT = createError('MOCK_ERR_CLOCK_WAIT', 'There were not %d waits within %d ms, but %d', 504)

export const MOCK_ERR_PERSONA_UNKNOWN = createError('MOCK_ERR_PERSONA_UNKNOWN', "There is no persona called '%s': %s", 404)

export const MOCK_ERR_PERSONA_SCHEME = createError('MOCK_ERR_PERSONA_SCHEME', "'%s' cannot be given credentials: %s", 422)

export const MOCK_ERR_KEYS = createError('MOCK_ERR_KEYS', 'The keys for tokens cannot be used: %s', 500)

export const MOCK_ERR_PROFILE_UNKNOWN = createError('MOCK_ERR_PROFILE_UNKNOWN', "There is no profile called '%s'; %s", 404)

export const MOCK_ERR_PROFILE_OPTIONS = createError('MOCK_ERR_PROFILE_OPTIONS', 'The profile cannot be used: %s', 400)

export const MOCK_ERR_FAULT_INJECTED = createError('MOCK_ERR_FAULT_INJECTED', "The fault '%s' was injected on purpose. A request that is injected has no connection to break, so that this stands for it", 500)

export const MOCK_ERR_RATE_LIMITED = createError('MOCK_ERR_RATE_LIMITED', '%s', 429)

export const MOCK_ERR_RATE_LIMIT_UNKNOWN = createError('MOCK_ERR_RATE_LIMIT_UNKNOWN', "There is no rate limit '%s': %s", 404)

export const MOCK_ERR_RATE_LIMIT_REMAINING = createError('MOCK_ERR_RATE_LIMIT_REMAINING', "'%s' cannot be left of the rate limit '%s': %s", 422)
