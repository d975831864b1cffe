interface Violation {
  instancePath: string
  message?: string
}

/** What a request is told whose body or cookies do not fit: worded and shaped as Fastify's own validation errors are. */
export function validationError (context: string, violations: readonly Violation[] | null | undefined): Error {
  const text = (violations ?? []).map(({ instancePath, message }) => `${context}${instancePath} ${message ?? 'is not valid'}`).join(', ')
  return Object.assign(new Error(text || `${context} is not valid`), {
    statusCode: 400, code: 'FST_ERR_VALIDATION', validation: violations ?? [], validationContext: context
  })
}
