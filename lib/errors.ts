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

export const MOCK_ERR_NO_SUCH_VARIANT = createError('MOCK_ERR_NO_SUCH_VARIANT', '%s', 404)

export const MOCK_ERR_WAIT_TIMEOUT = createError('MOCK_ERR_WAIT_TIMEOUT', 'No request %s came within %d ms. %s', 504)

export const MOCK_ERR_PREFIX_TAKEN = createError('MOCK_ERR_PREFIX_TAKEN', "A mock server is registered under the prefix '%s' already; give each its own `prefix`", 500)

export const MOCK_ERR_LOCALE_UNKNOWN = createError('MOCK_ERR_LOCALE_UNKNOWN', "no data for the locale '%s'", 400)

export const MOCK_ERR_ENDPOINT_UNKNOWN = createError('MOCK_ERR_ENDPOINT_UNKNOWN', "There is no endpoint with the id '%s'", 404)

export const MOCK_ERR_ENDPOINT_CONFLICT = createError('MOCK_ERR_ENDPOINT_CONFLICT', 'The endpoint cannot be added: %s', 409)

export const MOCK_ERR_NOT_SAVED = createError('MOCK_ERR_NOT_SAVED', 'The edits cannot be written to a file: %s', 409)

export const MOCK_ERR_NOT_READY = createError('MOCK_ERR_NOT_READY', 'The mock server is not ready: no configuration is live yet', 503)
