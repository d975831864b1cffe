import type { PathExpression } from './ast.ts'
import { dig, own } from './own.ts'
import { requestPath, rootObject } from './request-path.ts'
import type { Evaluate, Frame, Scope } from './scope.ts'

/** What is known of the surroundings when a path is compiled. */
export interface PathSurroundings {
  /** Inside a block that changes `this`. */
  readonly nested: boolean
  /** Names of the block parameters in reach. */
  readonly locals: ReadonlySet<string>
}

/**
 * Compiles `a.b`, `this.a`, `../a`, `@index`, `@root.a` and block parameters. A plain name is looked up in `this`, then
 * in what surrounds it, outwards to the top: `{{request.params.id}}` works inside loops too.
 */
export function compilePath (node: PathExpression, { nested, locals }: PathSurroundings): Evaluate {
  const { parts, depth } = node
  const [first, ...rest] = parts
  if (node.data) return dataPath(parts, depth)
  if (first === undefined) return scope => selfOf(ascend(scope, depth))
  if (depth === 0 && isScoped(node)) return scope => dig(selfOf(scope), parts)
  if (depth === 0 && locals.has(first)) return scope => dig(local(scope, first), rest)
  const top = first === 'request' ? requestPath(rest) : variablePath(first, rest)
  if (!nested) return depth === 0 ? top : () => undefined
  return scope => {
    let level = ascend(scope, depth)
    while (level?.up !== undefined) {
      if (own(level.self, first) !== undefined) return dig(own(level.self, first), rest)
      level = level.up
    }
    return level === undefined ? undefined : top(level)
  }
}

/** `./a` and `this.a`, as opposed to `[this].a`, whose first part is kept. */
export function isScoped (node: PathExpression): boolean {
  return /^(?:this|\.)(?:[./]|$)/.test(node.original) && node.parts[0] !== 'this' && node.parts[0] !== '.'
}

function variablePath (name: string, rest: readonly string[]): Evaluate {
  return ({ run: { context } }) => {
    const value = own(context.variables, name) ?? context.vars?.get(name)
    return rest.length === 0 ? value : dig(value, rest)
  }
}

function dataPath (parts: readonly string[], depth: number): Evaluate {
  const [name = '', ...rest] = parts
  if (name === 'root') {
    if (rest[0] === 'request') return requestPath(rest.slice(1))
    return rest.length === 0 ? scope => rootObject(scope.run.context) : scope => variablePath(rest[0]!, rest.slice(1))(scope)
  }
  return scope => {
    let frame = scope.frame
    for (let i = 0; i < depth; i++) frame = frame?.parent
    const value = frameValue(frame, name)
    return dig(value === undefined ? scope.run.context.vars?.get(name) : value, rest)
  }
}

const LOOP_VARIABLES = new Set(['index', 'key', 'first', 'last', 'total'])

/** Inner blocks see the outer ones' variables, unless they have their own. */
function frameValue (frame: Frame | undefined, name: string): unknown {
  for (let at = frame; at !== undefined; at = at.parent) {
    const value = LOOP_VARIABLES.has(name) ? own(at, name) : own(at.extra, name)
    if (value !== undefined) return value
  }
  return undefined
}

function local (scope: Scope, name: string): unknown {
  for (let at = scope.locals; at !== undefined; at = at.parent) {
    const index = at.names.indexOf(name)
    if (index >= 0) return at.values[index]
  }
  return undefined
}

function ascend (scope: Scope, depth: number): Scope | undefined {
  let level: Scope | undefined = scope
  for (let i = 0; i < depth; i++) level = level?.up
  return level
}

function selfOf (scope: Scope | undefined): unknown {
  if (scope === undefined) return undefined
  return scope.up === undefined ? rootObject(scope.run.context) : scope.self
}
