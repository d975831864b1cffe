import { isLiteral, literalValue, type Call, type Expression, type Hash, type PathExpression, type Position, type SubExpression } from './ast.ts'
import { BUILT_IN_BLOCKS } from './built-in-blocks.ts'
import { TemplateError, TemplateRenderError, faultOf, placeOf, type Place } from './error.ts'
import type { HelperDefinition, HelperFunction } from './helper.ts'
import type { TemplateLimits } from './limits.ts'
import { didYouMean } from './nearest.ts'
import { compilePath, isScoped, type PathSurroundings } from './path.ts'
import { REQUEST_FIELDS } from './request-path.ts'
import type { Evaluate, Scope } from './scope.ts'

/** What is known where an expression stands. */
export interface Surroundings extends PathSurroundings {
  readonly helpers: ReadonlyMap<string, HelperDefinition>
  readonly limits: TemplateLimits
  /** JSON pointer of the string that is compiled. */
  readonly pointer: string
  /** How many blocks and calls are around it. */
  readonly depth: number
}

/** The surroundings one level further in. */
export function deeper<T extends Surroundings> (around: T, position: Position, changes: Partial<PathSurroundings> = {}): T {
  if (around.depth >= around.limits.depth) {
    throw new TemplateError({ message: `nested deeper than ${around.limits.depth} levels` }, placeOf(around.pointer, position))
  }
  return { ...around, ...changes, depth: around.depth + 1 }
}

/** An argument: a literal, a path, or a call in parentheses. A bare name is a path, never a call. */
export function compileExpression (node: Expression, around: Surroundings): Evaluate {
  if (isLiteral(node)) {
    const value = literalValue(node)
    return () => value
  }
  if (node.type === 'PathExpression') return compileKnownPath(node, around)
  return compileCall(node, deeper(around, node.loc.start))
}

function compileCall (node: SubExpression, around: Surroundings): Evaluate {
  const place = placeOf(around.pointer, node.loc.start)
  const name = calleeName(node)
  const helper = around.helpers.get(name)
  if (helper?.run === undefined) throw unknownHelper(name, around, place)
  return compileHelper(name, helper, node, around, place)
}

/** What `{{…}}` holds: a call where the name is a helper's or arguments follow, else a value. */
export function compileMustache (node: Call & { readonly loc: { readonly start: Position } }, around: Surroundings): Evaluate {
  const place = placeOf(around.pointer, node.loc.start)
  const { path } = node
  const called = node.params.length > 0 || (node.hash?.pairs.length ?? 0) > 0
  const name = calleeName(node)
  if (!called && isLiteral(path)) return compileExpression(path, around)
  const shadowed = path.type === 'PathExpression' && (path.data || path.depth > 0 || isScoped(path) || around.locals.has(path.parts[0] ?? ''))
  const helper = shadowed ? undefined : around.helpers.get(name)
  if (helper?.run !== undefined) return compileHelper(name, helper, node, around, place)
  if (helper?.block !== undefined) throw new TemplateError({ message: `'${name}' is a block`, hint: `write {{#${name} …}}…{{/${name}}}` }, place)
  if (called || isLiteral(path)) throw unknownHelper(name, around, place)
  if (path.type === 'PathExpression') return compileKnownPath(path, around)
  return compileCall(path, around)
}

/**
 * A path. What is unknown is empty, as in Handlebars; but a part of the request that is one typing error away from another, or is called so
 * elsewhere, is a mistake. In loops, what they go through may have a `request` of its own.
 */
function compileKnownPath (node: PathExpression, around: Surroundings): Evaluate {
  const [first, field] = node.parts
  const isRequest = first === 'request' && !node.data && node.depth === 0 && !around.nested && !around.locals.has(first)
  if (isRequest && field !== undefined && !REQUEST_FIELDS.includes(field)) {
    const hint = BODIES.has(field) ? "did you mean 'body'?" : didYouMean(field, REQUEST_FIELDS)
    if (hint !== undefined) throw new TemplateError({ message: `the request has no '${field}'`, hint }, placeOf(around.pointer, node.loc.start))
  }
  return compilePath(node, around)
}

/** What other tools call the body. */
const BODIES = new Set(['json', 'data', 'form', 'payload', 'rawBody'])

/** The name of what is called, as written. */
export function calleeName ({ path }: Call): string {
  if (path.type === 'PathExpression') return path.original
  return isLiteral(path) ? String(literalValue(path)) : calleeName(path)
}

export function unknownHelper (name: string, around: Surroundings, place: Place): TemplateError {
  if (BUILT_IN_BLOCKS.has(name)) return new TemplateError({ message: `'${name}' is a block`, hint: `write {{#${name} …}}…{{/${name}}}` }, place)
  return new TemplateError({ message: `unknown helper '${name}'`, hint: didYouMean(name, around.helpers.keys()) }, place)
}

export interface CompiledArguments {
  readonly args: readonly Evaluate[]
  readonly hash: (scope: Scope) => Readonly<Record<string, unknown>>
}

export function compileArguments (node: Call, around: Surroundings): CompiledArguments {
  return { args: node.params.map(param => compileExpression(param, around)), hash: compileHash(node.hash, around) }
}

const NO_HASH: Readonly<Record<string, unknown>> = Object.freeze(Object.create(null))

function compileHash (hash: Hash | null | undefined, around: Surroundings): CompiledArguments['hash'] {
  if (hash === null || hash === undefined || hash.pairs.length === 0) return () => NO_HASH
  const pairs = hash.pairs.map(({ key, value }) => ({ key, evaluate: compileExpression(value, around) }))
  return scope => {
    const values: Record<string, unknown> = Object.create(null)
    for (const { key, evaluate } of pairs) values[key] = evaluate(scope)
    return values
  }
}

export function evaluateAll (args: readonly Evaluate[], scope: Scope): unknown[] {
  const values = new Array<unknown>(args.length)
  for (let i = 0; i < args.length; i++) values[i] = args[i]!(scope)
  return values
}

function compileHelper (name: string, helper: HelperDefinition, node: Call, around: Surroundings, place: Place): Evaluate {
  const call = checkedHelper(name, helper, node, place)
  const { args, hash } = compileArguments(node, around)
  return scope => {
    const values = evaluateAll(args, scope)
    const options = hash(scope)
    try {
      return checkSize(call(values, options, scope.run.context), scope)
    } catch (error) {
      throw renderError(name, error, place)
    }
  }
}

/** The helper's function, once the helper has looked at the literals that it will be given here. */
export function checkedHelper (name: string, helper: HelperDefinition, node: Call, place: Place): HelperFunction {
  if (helper.run === undefined) throw new TemplateError({ message: `'${name}' cannot be called` }, place)
  try {
    helper.check?.(
      node.params.map(param => isLiteral(param) ? { value: literalValue(param) } : undefined),
      new Map(node.hash?.pairs.flatMap(({ key, value }) => isLiteral(value) ? [[key, { value: literalValue(value) }]] : []))
    )
  } catch (error) {
    throw new TemplateError(faultOf(error, `${name}: `), place)
  }
  return helper.run
}

/** Bounds what one helper may give, so that feeding results back into helpers cannot grow without end. */
function checkSize (value: unknown, scope: Scope): unknown {
  const { limits } = scope.run
  if (typeof value === 'string') {
    if (value.length > limits.output) throw new RangeError(`result is longer than ${limits.output} characters`)
  } else if (Array.isArray(value) && value.length > limits.rounds) {
    throw new RangeError(`result has more than ${limits.rounds} items`)
  }
  return value
}

/** An error of a helper, with its name and place; one that has a place already keeps it. */
export function renderError (name: string, error: unknown, place: Place): TemplateRenderError {
  return error instanceof TemplateRenderError ? error : new TemplateRenderError(faultOf(error, `${name}: `), place)
}
