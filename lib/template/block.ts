import type { BlockStatement, Call } from './ast.ts'
import { BUILT_IN_BLOCKS } from './built-in-blocks.ts'
import { TemplateError, placeOf, type Place } from './error.ts'
import { calleeName, compileArguments, compileMustache, evaluateAll, checkedHelper, renderError, unknownHelper, type CompiledArguments, type Surroundings } from './expression.ts'
import { isTruthy, type BlockFunction } from './helper.ts'
import { isRecord } from './own.ts'
import { countRound, type Renderer, type Scope } from './scope.ts'
import { toText } from './to-text.ts'

/**
 * A block at work: calls `body` for each round, or `otherwise` for the part after `{{else}}`. The same block makes text
 * of text and lists of JSON; `separator` is for text alone.
 */
export type Block = (
  scope: Scope,
  body: (inner: Scope, separator: string) => void,
  otherwise: () => void
) => void

/** A block that only makes text, of a helper. */
export interface TextBlock {
  render (scope: Scope, main: Renderer, inverse: Renderer): string
}

export interface CompiledBlock {
  readonly block: Block | TextBlock
  /** Names of the block parameters. */
  readonly names: readonly string[]
  /** Whether `this` is another inside. */
  readonly nested: boolean
  /** Whether its body may come any number of times. */
  readonly loop: boolean
}

export interface BuiltInBlock {
  readonly nested: boolean
  readonly loop?: boolean
  /** How many arguments it takes, at least and at most. */
  readonly arity: readonly [number, number]
  compile (call: CompiledArguments, names: readonly string[], place: Place): Block
}

/** Compiles the opening of a block. */
export function compileBlock (statement: BlockStatement, around: Surroundings): CompiledBlock {
  const place = placeOf(around.pointer, statement.loc.start)
  const names = statement.program?.blockParams ?? []
  const name = calleeName(statement)
  const builtIn = BUILT_IN_BLOCKS.get(name)
  if (builtIn !== undefined) {
    checkArity(name, builtIn, statement, place)
    return { block: builtIn.compile(compileArguments(statement, around), names, place), names, nested: builtIn.nested, loop: builtIn.loop === true }
  }
  const helper = around.helpers.get(name)
  if (helper === undefined) {
    if (statement.params.length > 0 || (statement.hash?.pairs.length ?? 0) > 0) throw unknownBlock(name, around, place)
    return { block: section(statement, names, place, around), names, nested: true, loop: true }
  }
  if (helper.block !== undefined) return { block: helperBlock(name, helper.block, compileArguments(statement, around), names, place), names, nested: true, loop: false }
  const call = checkedHelper(name, helper, helper.condition === true ? statement : withText(statement), place)
  const { args, hash } = compileArguments(statement, around)
  const evaluate = (scope: Scope, values: unknown[]) => {
    const options = hash(scope)
    try {
      return call(values, options, scope.run.context)
    } catch (error) {
      throw renderError(name, error, place)
    }
  }
  if (helper.condition === true) {
    const block: Block = (scope, body, otherwise) => {
      if (isTruthy(evaluate(scope, evaluateAll(args, scope)))) body(scope, '')
      else otherwise()
    }
    return { block, names, nested: false, loop: false }
  }
  return { block: { render: (scope, main) => toText(evaluate(scope, [main(scope), ...evaluateAll(args, scope)])) }, names, nested: false, loop: false }
}

function checkArity (name: string, { arity: [min, max] }: BuiltInBlock, { params }: Call, place: Place): void {
  if (params.length >= min && params.length <= max) return
  const expected = min === max ? `${min} argument${min === 1 ? '' : 's'}` : `${min} to ${max} arguments`
  throw new TemplateError({ message: `{{#${name}}} takes ${expected}, not ${params.length}` }, place)
}

function unknownBlock (name: string, around: Surroundings, place: Place): TemplateError {
  return unknownHelper(name, { ...around, helpers: new Map([...around.helpers, ...[...BUILT_IN_BLOCKS.keys()].map(key => [key, {}] as const)]) }, place)
}

// The block's text stands before its arguments, so what it looks at are the arguments that follow an unknown one.
function withText (statement: BlockStatement): Call {
  return { ...statement, params: [statement.path, ...statement.params] }
}

/** `{{#name}}` of a plain value: each item of a list, once with an object, as `if` otherwise. */
function section (statement: BlockStatement, names: readonly string[], place: Place, around: Surroundings): Block {
  const evaluate = compileMustache(statement, around)
  const each = BUILT_IN_BLOCKS.get('each')!.compile({ args: [evaluate], hash: () => ({}) }, names, place)
  return (scope, body, otherwise) => {
    const value = evaluate(scope)
    if (Array.isArray(value)) return each(scope, body, otherwise)
    if (!isTruthy(value)) return otherwise()
    body(isRecord(value) ? { ...scope, self: value, up: scope } : scope, '')
  }
}

function helperBlock (name: string, block: BlockFunction, { args, hash }: CompiledArguments, names: readonly string[], place: Place): TextBlock {
  return {
    render (scope, main, inverse) {
      const body = {
        render (self: unknown = scope.self, extra?: Readonly<Record<string, unknown>>) {
          countRound(scope, place)
          return main({
            run: scope.run,
            self,
            up: self === scope.self ? scope.up : scope,
            frame: extra === undefined ? scope.frame : { parent: scope.frame, extra },
            locals: names.length === 0 ? scope.locals : { parent: scope.locals, names, values: [self] }
          })
        },
        otherwise: () => inverse(scope)
      }
      const values = evaluateAll(args, scope)
      const options = hash(scope)
      try {
        return toText(block(body, values, options, scope.run.context))
      } catch (error) {
        throw renderError(name, error, place)
      }
    }
  }
}
