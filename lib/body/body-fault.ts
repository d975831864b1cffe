/**
 * Something wrong with a body that no schema can tell: a part of a type that is not allowed, a root element of another name.
 * Shaped as Ajv's errors are, so that it is told like any other violation.
 */
export interface BodyFault {
  /** JSON pointer into the decoded body. */
  instancePath: string
  /** What rule is broken: `contentType`, `xml`. */
  keyword: string
  message: string
  params: Readonly<Record<string, unknown>>
}
