import { builtInHelpers } from './helpers/index.ts'
import type { TemplateContext } from './context.ts'
import { HelperFault, TemplateRenderError, faultOf } from './error.ts'
import type { Surroundings } from './expression.ts'
import type { HelperDefinition, TemplateHelper } from './helper.ts'
import { DEFAULT_LIMITS, type TemplateLimits } from './limits.ts'
import { rendererOf } from './program.ts'
import { checkOutput, topScope, type Scope } from './scope.ts'
import { compileText, isTemplate } from './string.ts'
import { compileValue } from './value.ts'

export interface TemplatesOptions {
  /** Helpers of your own; one with the name of a built-in helper replaces it. */
  readonly helpers?: Readonly<Record<string, TemplateHelper>>
  /** Locale of Faker's data: `en`, `de`, `pt_BR` … Default: `en`. */
  readonly locale?: string
  readonly limits?: Partial<TemplateLimits>
}

/** A template that gives text: a text body, a header, a path. */
export interface TextTemplate {
  /** It has no template in it, and gives the same text always. */
  readonly constant: boolean
  render (context: TemplateContext): string
}

/** A JSON value with templates in it. Constant parts of what it gives are shared between renderings: do not change them. */
export interface ValueTemplate {
  readonly constant: boolean
  render (context: TemplateContext): unknown
  /** The JSON text of what `render` gives, in one step. */
  stringify (context: TemplateContext): string
}

export interface Templates {
  /** Throws a TemplateError. `pointer` says in errors where the string stands. */
  text (source: string, pointer?: string): TextTemplate
  /** Throws a TemplateError. `pointer` says in errors where the value stands. */
  value (json: unknown, pointer?: string): ValueTemplate
  /** Whether a text can be a template at all: cheap. */
  isTemplate (text: string): boolean
}

/**
 * A template engine with Handlebars' syntax. It compiles to closures, never to code; it escapes no HTML, since bodies are
 * JSON; and it reaches nothing but own properties of the data it is given.
 * Rendering throws a TemplateRenderError when a helper fails or a limit is passed.
 *
 * @example
 * const templates = createTemplates({ helpers: { shout: ([text]) => `${text}!` } })
 * templates.text('Hello {{shout request.query.name}}').render(context)                 // 'Hello Ann!'
 * templates.value({ id: '{{request.body.id}}', tags: ['{{#repeat 2}}', '{{@index}}'] }).render(context) // { id: 7, tags: [0, 1] }
 */
export function createTemplates ({ helpers, locale = 'en', limits }: TemplatesOptions = {}): Templates {
  const bounds: TemplateLimits = { ...DEFAULT_LIMITS, ...limits }
  const known = new Map<string, HelperDefinition>()
  for (const [name, helper] of Object.entries(builtInHelpers(locale, bounds))) known.set(name, definitionOf(helper))
  for (const [name, helper] of Object.entries(helpers ?? {})) known.set(name, synchronous(name, definitionOf(helper)))
  const surroundings = (pointer: string): Surroundings =>
    ({ helpers: known, limits: bounds, pointer, nested: false, locals: new Set(), depth: 0 })

  return {
    isTemplate,
    text (source, pointer = '') {
      const program = compileText(source, surroundings(pointer))
      if (typeof program === 'string') return { constant: true, render: () => program }
      const render = rendererOf(program)
      return { constant: false, render: context => guard(context, pointer, bounds, render, measureText) }
    },
    value (json, pointer = '') {
      const node = compileValue(json, surroundings(pointer))
      if (node.constant !== undefined) {
        const { value = null, json = 'null' } = node.constant
        return { constant: true, render: () => value, stringify: () => json }
      }
      return {
        constant: false,
        render: context => guard(context, pointer, bounds, node.value, undefined) ?? null,
        stringify: context => guard(context, pointer, bounds, node.json, measureText) ?? 'null'
      }
    }
  }
}

const measureText = (text: string | undefined) => text?.length ?? 0

/** Runs one rendering: bounded, and with every error made a TemplateRenderError. */
function guard<T> (context: TemplateContext, pointer: string, limits: TemplateLimits, run: (scope: Scope) => T, measure: ((result: T) => number) | undefined): T {
  const scope = topScope(context, limits)
  try {
    const result = run(scope)
    if (measure !== undefined) checkOutput(scope, measure(result), { pointer })
    return result
  } catch (error) {
    throw error instanceof TemplateRenderError ? error : new TemplateRenderError(faultOf(error), { pointer })
  }
}

const definitionOf = (helper: TemplateHelper): HelperDefinition => typeof helper === 'function' ? { run: helper } : helper

/** A helper of the user's own may be async by mistake: an answer does not wait for it, and nobody would catch its rejection. */
function synchronous (name: string, helper: HelperDefinition): HelperDefinition {
  const { run } = helper
  if (run === undefined) return helper
  return {
    ...helper,
    run (...call) {
      const result = run(...call)
      if (!(result instanceof Promise)) return result
      result.catch(() => {})
      throw new HelperFault(`the helper '${name}' gives a promise; a template does not wait`)
    }
  }
}
