import type { Violation } from '../violation/violation.ts'

/** A body, read as its content type and its schema mean it. */
export interface DecodedBody {
  value: unknown
  /** What is wrong with it that no schema can tell: a part of another content type, a root element of another name. */
  violations: readonly Violation[]
}
