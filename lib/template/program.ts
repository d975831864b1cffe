import type { BlockStatement, Program, Statement } from './ast.ts'
import { compileBlock, type Block } from './block.ts'
import { TemplateError, placeOf } from './error.ts'
import { compileMustache, deeper, type Surroundings } from './expression.ts'
import { checkOutput, type Renderer } from './scope.ts'
import { toText } from './to-text.ts'

/** A program whose text does not depend on anything, or a function. */
export type CompiledProgram = string | Renderer

/** Compiles what gives text: fixed parts are joined once, here. */
export function compileProgram (program: Program | null | undefined, around: Surroundings): CompiledProgram {
  const parts: CompiledProgram[] = []
  for (const statement of program?.body ?? []) {
    const part = compileStatement(statement, around)
    if (part === '') continue
    const last = parts.at(-1)
    if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part
    else parts.push(part)
  }
  return join(parts)
}

function join (parts: readonly CompiledProgram[]): CompiledProgram {
  if (parts.length === 0) return ''
  if (parts.length === 1) return parts[0]!
  return scope => {
    let text = ''
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i]!
      text += typeof part === 'string' ? part : part(scope)
    }
    return text
  }
}

export function rendererOf (program: CompiledProgram): Renderer {
  return typeof program === 'string' ? () => program : program
}

function compileStatement (statement: Statement, around: Surroundings): CompiledProgram {
  switch (statement.type) {
    case 'ContentStatement': return statement.value
    case 'CommentStatement': return ''
    case 'MustacheStatement': {
      const evaluate = compileMustache(statement, around)
      return scope => toText(evaluate(scope))
    }
    case 'BlockStatement': return compileBlockText(statement, around)
    case 'PartialStatement':
    case 'PartialBlockStatement':
      throw new TemplateError({ message: 'partials {{> …}} are not supported' }, placeOf(around.pointer, statement.loc.start))
    default:
      throw new TemplateError({ message: 'decorators {{* …}} are not supported' }, placeOf(around.pointer, statement.loc.start))
  }
}

function compileBlockText (statement: BlockStatement, around: Surroundings): Renderer {
  const place = placeOf(around.pointer, statement.loc.start)
  const inside = deeper(around, statement.loc.start)
  const inner = (names: readonly string[], nested: boolean) => rendererOf(compileProgram(statement.program, {
    ...inside,
    nested: around.nested || nested,
    locals: names.length === 0 ? around.locals : new Set([...around.locals, ...names])
  }))
  const { block, names, nested } = compileBlock(statement, inside)
  const main = inner(names, nested)
  const inverse = rendererOf(compileProgram(statement.inverse, { ...inside, nested: around.nested }))
  return typeof block === 'function' ? textOfBlock(block, main, inverse, place) : scope => block.render(scope, main, inverse)
}

function textOfBlock (block: Block, main: Renderer, inverse: Renderer, place: ReturnType<typeof placeOf>): Renderer {
  return scope => {
    let text = ''
    block(scope, (inner, separator) => {
      text += main(inner) + separator
      checkOutput(scope, text.length, place)
    }, () => { text += inverse(scope) })
    return text
  }
}
