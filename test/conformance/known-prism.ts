/** A case that is decided otherwise here, and where that is written down. */
export interface KnownDeviation {
  name: string
  /** What the request is answered with here. */
  status: number
  reason: string
  decision: string
}

const decision = 'docs/decisions/openapi-answers.md'

export const KNOWN_PRISM: readonly KnownDeviation[] = [
  ...[
    'validate-body-params/multipart-form-data-invalid-request.oas2.txt',
    'validate-header-params/invalid-header.oas2.txt',
    'validate-query-params/query-param-form-not-exploded-object-invalid.oas3.txt'
  ].map(name => ({ name, status: 400, reason: 'a request is rejected with 400 where the document declares no answer for it, not with 422', decision })),
  {
    name: 'validate-body-params/x-www-urlencoded-fail.oas2.txt',
    status: 200,
    reason: 'a field of a form that is not required may be missing, and others may be there',
    decision
  },
  {
    name: 'validate-body-params/multipart-form-data-allow-reserved-fail.oas3.txt',
    status: 200,
    reason: 'allowReserved says how a value is written; it forbids none, and before 3.1 does not count for multipart',
    decision
  },
  {
    name: 'validate-path-params/missing-path-param.oas3.txt',
    status: 404,
    reason: 'an empty segment is no value of a path parameter, so that no path matches',
    decision
  },
  {
    name: 'cors/cors-headers-disabled.txt',
    status: 204,
    reason: 'OPTIONS that is not declared is answered with Allow',
    decision
  },
  {
    name: 'cors/cors-headers-precedence.txt',
    status: 200,
    reason: 'OPTIONS that is declared is answered as it is declared, also when it looks like a preflight',
    decision
  },
  {
    name: 'content-negotiation/E2E-Accept-Content-Negotiation-AC-14.oas2.txt',
    status: 200,
    reason: 'of several content types JSON is sent where the request does not say which',
    decision
  },
  {
    name: 'content-negotiation/E2E-Accept-Content-Negotiation-Xml-AC-4.oas2.txt',
    status: 200,
    reason: 'an element without a name is called root: names that begin with xml are reserved',
    decision
  }
]
