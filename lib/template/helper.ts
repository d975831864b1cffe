import type { TemplateContext } from './context.ts'

/**
 * A helper: what it gives keeps its type where the template is the whole string, and becomes text inside a longer one.
 * An error that it throws fails the rendering, with the place of the call. As a block, `{{#shout}}hi{{/shout}}`, it gets
 * the block's text as its first argument.
 *
 * @example
 * const shout: TemplateHelper = ([text], { times = 1 }) => String(text).toUpperCase() + '!'.repeat(Number(times))
 * // {{shout request.query.word times=3}}
 */
export type HelperFunction = (
  args: readonly unknown[],
  hash: Readonly<Record<string, unknown>>,
  context: TemplateContext
) => unknown

/** What stands between `{{#name}}` and `{{/name}}`. */
export interface BlockBody {
  /** Renders it: with another `this`, and with `@` variables of its own. */
  render (self?: unknown, data?: Readonly<Record<string, unknown>>): string
  /** Renders the part after `{{else}}`. */
  otherwise (): string
}

export type BlockFunction = (
  body: BlockBody,
  args: readonly unknown[],
  hash: Readonly<Record<string, unknown>>,
  context: TemplateContext
) => unknown

/**
 * A helper with more than one side.
 *
 * @example
 * { block: (body, [user]) => body.render(user, { shout: true }) }      // {{#as user}}{{name}} {{@shout}}{{/as}}
 */
export interface HelperDefinition {
  /** `{{name …}}` and `(name …)`. */
  readonly run?: HelperFunction
  /** `{{#name …}}…{{/name}}`. */
  readonly block?: BlockFunction
  /** As a block, it chooses between the block and its `{{else}}` by what `run` gives. */
  readonly condition?: boolean
  /**
   * Called once for each place where the helper stands, with the arguments that are literals there (others are
   * undefined): throws to refuse the template.
   */
  readonly check?: (literals: ReadonlyArray<LiteralArgument | undefined>, hash: ReadonlyMap<string, LiteralArgument>) => void
}

export interface LiteralArgument {
  readonly value: unknown
}

export type TemplateHelper = HelperFunction | HelperDefinition

export type HelperTable = Readonly<Record<string, TemplateHelper>>

/** Turns tests into helpers that can also stand as blocks: `{{#eq a b}}…{{else}}…{{/eq}}`. */
export function conditions (table: Readonly<Record<string, HelperFunction>>): HelperTable {
  return Object.fromEntries(Object.entries(table).map(([name, run]) => [name, { run, condition: true }]))
}

/** What Handlebars takes for true: not empty, and not an empty list. */
export function isTruthy (value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value)
}
