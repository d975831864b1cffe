import type { MustacheStatement, Program } from './ast.ts'
import { compileMustache, type Surroundings } from './expression.ts'
import { parse } from './parse.ts'
import { compileProgram, type CompiledProgram } from './program.ts'
import type { Evaluate } from './scope.ts'

/** Whether a text can be a template at all. */
export function isTemplate (text: string): boolean {
  return text.includes('{{')
}

/** Compiles a template that gives text. */
export function compileText (source: string, around: Surroundings): CompiledProgram {
  return isTemplate(source) ? compileProgram(parse(source, around.pointer, around.limits), around) : source
}

export type CompiledString =
  | { readonly kind: 'text', readonly program: CompiledProgram }
  | { readonly kind: 'value', readonly evaluate: Evaluate }

/** Compiles a string of a JSON value: one that is exactly one `{{…}}` keeps the type of what that gives. */
export function compileString (source: string, around: Surroundings): CompiledString {
  if (!isTemplate(source)) return { kind: 'text', program: source }
  const program = parse(source, around.pointer, around.limits)
  const single = singleMustache(program)
  if (single !== undefined) return { kind: 'value', evaluate: compileMustache(single, around) }
  return { kind: 'text', program: compileProgram(program, around) }
}

function singleMustache (program: Program): MustacheStatement | undefined {
  const [only, second] = program.body.filter(statement =>
    statement.type !== 'CommentStatement' && !(statement.type === 'ContentStatement' && statement.value === ''))
  return second === undefined && only?.type === 'MustacheStatement' ? only : undefined
}
