/** Values by name that outlive a request: set by templates, code and mock control, read by templates and conditions. */
export interface Variables {
  get (name: string): unknown
  has (name: string): boolean
  /** The value is JSON. */
  set (name: string, value: unknown): void
  delete (name: string): boolean
  entries (): Array<[string, unknown]>
  reset (): void
}
