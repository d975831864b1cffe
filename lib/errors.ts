import createError from '@fastify/error'

/**
 * Every error that this package throws. Name and code are the same; each is explained in `docs/errors.md`, and a test
 * holds the two together.
 */

export const MOCK_ERR_CONFIG_INVALID = createError('MOCK_ERR_CONFIG_INVALID', '%s', 400)
