/** Bounds that keep one template from taking the whole server: all are generous for what a mock answers. */
export interface TemplateLimits {
  /** Longest template, in characters. */
  readonly source: number
  /** How deep blocks, sub-expressions and JSON may be nested. */
  readonly depth: number
  /** Longest text that one rendering may give, in characters. */
  readonly output: number
  /** How many rounds all loops of one rendering may take together, and how many items one helper may give. */
  readonly rounds: number
}

export const DEFAULT_LIMITS: TemplateLimits = Object.freeze({
  source: 1024 * 1024,
  depth: 200,
  output: 16 * 1024 * 1024,
  rounds: 100_000
})
