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
