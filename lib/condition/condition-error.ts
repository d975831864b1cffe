/** A mistake in a condition that its shape does not show: a regular expression, a path, a date that cannot be read. */
export class ConditionError extends Error {
  /** JSON pointer within the condition. */
  readonly pointer: string
  /** The remedy. */
  readonly hint: string | undefined

  constructor (pointer: string, message: string, hint?: string) {
    super(message)
    this.name = 'ConditionError'
    this.pointer = pointer
    this.hint = hint
  }
}
