/** A case that is decided otherwise here, and where that is written down. */
export interface KnownDeviation {
  name: string
  reason: string
  decision: string
}

const REJECTED = 'a rejected request is answered with 400 where the document declares no answer for it; Prism takes 422'
const DECISION = 'docs/decisions/openapi-answers.md'

export const KNOWN_PRISM: readonly KnownDeviation[] = [
  ...[
    'validate-body-params/multipart-form-data-allow-reserved-fail.oas3.txt',
    'validate-body-params/multipart-form-data-invalid-request.oas2.txt',
    'validate-body-params/x-www-urlencoded-fail.oas2.txt',
    'validate-header-params/invalid-header.oas2.txt',
    'validate-query-params/query-param-form-not-exploded-object-invalid.oas3.txt'
  ].map(name => ({ name, reason: REJECTED, decision: DECISION })),
  {
    name: 'validate-path-params/missing-path-param.oas3.txt',
    reason: 'an empty segment is no value of a path parameter, so that no path matches: 404; Prism takes 422',
    decision: DECISION
  },
  {
    name: 'cors/cors-headers-disabled.txt',
    reason: 'OPTIONS that is not declared is answered with 204 and Allow; Prism takes 405',
    decision: DECISION
  }
]
