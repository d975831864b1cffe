import type { BlockStatement } from './ast.ts'
import { compileBlock, type Block } from './block.ts'
import { TemplateError, type Place } from './error.ts'
import { calleeName, compileExpression, deeper, type Surroundings } from './expression.ts'
import { isRecord } from './own.ts'
import { parse } from './parse.ts'
import type { Scope } from './scope.ts'
import { toText } from './to-text.ts'
import { compileValue, itemOf, jsonItems, within, type ValueNode } from './value.ts'

/**
 * Blocks around JSON, where text cannot go: a list whose first item opens a block, `["{{#repeat 3}}", item]`, and an
 * object whose key does, `{"{{#if a}}": value, "{{else}}": other}`.
 */

const OPENING = /^\s*\{\{~?#\s*(?!\*)([^\s}~]+)[^}]*\}\}\s*$/
const ELSE = /^\s*\{\{~?\s*else\s*~?\}\}\s*$/
const ELSE_IF = /^\s*\{\{~?\s*else\s+([^}]+?)\s*~?\}\}\s*$/

/** Whether a string opens a block and does not close it. */
export function isOpening (text: string): boolean {
  return OPENING.test(text)
}

interface Opening {
  readonly statement: BlockStatement
  readonly block: Block
  readonly loop: boolean
  readonly inside: Surroundings
}

function compileOpening (text: string, around: Surroundings): Opening {
  const name = OPENING.exec(text)?.[1] ?? ''
  const program = parse(`${text.trim()}{{/${name}}}`, around.pointer, around.limits)
  const [statement] = program.body
  if (statement?.type !== 'BlockStatement') throw new TemplateError({ message: `'${text}' does not open a block` }, around)
  const { block, names, nested, loop } = compileBlock(statement, around)
  if (typeof block !== 'function' || TEXT_ONLY.has(name)) {
    throw new TemplateError({ message: `{{#${name}}} cannot stand around JSON`, hint: 'use each, repeat, if, unless, with, switch, or a condition' }, around)
  }
  const inside = deeper(around, statement.loc.start, {
    nested: around.nested || nested,
    locals: names.length === 0 ? around.locals : new Set([...around.locals, ...names])
  })
  return { statement, block, loop, inside }
}

const TEXT_ONLY = new Set(['case', 'default'])

/** `["{{#each items}}", item, …]`: a list of what follows, for each round; what comes after `"{{else}}"` when there is none. */
export function compileBlockList (opening: string, list: readonly unknown[], around: Surroundings, nesting: number): ValueNode {
  const { block, inside } = compileOpening(opening, within(around, 0))
  const split = list.findIndex(item => typeof item === 'string' && ELSE.test(item))
  const compile = (items: readonly unknown[], offset: number, place: Surroundings) =>
    items.map((item, index) => compileValue(item, within({ ...place, pointer: around.pointer }, index + offset), nesting))
  const body = compile(split < 0 ? list : list.slice(0, split), 1, inside)
  const other = split < 0 ? [] : compile(list.slice(split + 1), split + 2, around)
  return listNode(block, body, other)
}

function listNode (block: Block, body: readonly ValueNode[], other: readonly ValueNode[]): ValueNode {
  return {
    value: scope => {
      const items: unknown[] = []
      const add = (nodes: readonly ValueNode[], inner: Scope) => { for (const node of nodes) items.push(...itemOf(node, inner)) }
      block(scope, inner => add(body, inner), () => add(other, scope))
      return items
    },
    json: scope => {
      let text = ''
      const add = (nodes: readonly ValueNode[], inner: Scope) => {
        const items = jsonItems(nodes, inner)
        if (items !== '') text += text === '' ? items : `,${items}`
      }
      block(scope, inner => add(body, inner), () => add(other, scope))
      return `[${text}]`
    }
  }
}

/** `{"{{#if a}}": value, "{{else if b}}": value, "{{else}}": value}`, a loop, or a switch. */
export function compileBlockValue (entries: ReadonlyArray<readonly [string, unknown]>, around: Surroundings, nesting: number): ValueNode {
  const [[opening, content] = ['', undefined], ...branches] = entries
  if (!isOpening(opening)) throw strayKey(entries.find(([key]) => isOpening(key))?.[0] ?? '', around)
  const place = within(around, opening)
  const name = OPENING.exec(opening)?.[1]
  if (name === 'switch') return compileSwitch(opening, content, branches, place, nesting)
  const { block, loop, inside } = compileOpening(opening, place)
  const body = compileValue(content, inside, nesting)
  const other = compileBranches(branches, around, nesting)
  return loop ? listNode(block, [body], other === undefined ? [] : [other]) : choiceNode(block, body, other)
}

function compileBranches (branches: ReadonlyArray<readonly [string, unknown]>, around: Surroundings, nesting: number): ValueNode | undefined {
  const [first, ...rest] = branches
  if (first === undefined) return undefined
  const [key, content] = first
  const place = within(around, key)
  if (ELSE.test(key)) {
    if (rest.length > 0) throw strayKey(rest[0]![0], around)
    return compileValue(content, place, nesting)
  }
  const condition = ELSE_IF.exec(key)?.[1]
  if (condition === undefined) throw strayKey(key, around)
  const { block, inside } = compileOpening(`{{#${condition}}}`, place)
  return choiceNode(block, compileValue(content, inside, nesting), compileBranches(rest, around, nesting))
}

function choiceNode (block: Block, body: ValueNode, other: ValueNode | undefined): ValueNode {
  return {
    optional: true,
    value: scope => {
      let value: unknown
      block(scope, inner => { value = body.value(inner) }, () => { value = other?.value(scope) })
      return value
    },
    json: scope => {
      let json: string | undefined
      block(scope, inner => { json = body.json(inner) }, () => { json = other?.json(scope) })
      return json
    }
  }
}

/** `{"{{#switch a}}": {"cat": value, "dog": value, "default": value}}`. */
function compileSwitch (opening: string, content: unknown, branches: readonly unknown[], around: Surroundings, nesting: number): ValueNode {
  const { statement } = compileOpening(opening, around)
  const [subject] = statement.params
  if (!isRecord(content) || branches.length > 0 || subject === undefined) {
    throw new TemplateError({ message: `{{#${calleeName(statement)}}} needs one object, with a key for each case and 'default' for the others` }, around)
  }
  const evaluate = compileExpression(subject, around)
  const cases = new Map(Object.entries(content).map(([key, value]) => [key, compileValue(value, within(around, key), nesting)]))
  const choose = (scope: Scope) => cases.get(toText(evaluate(scope))) ?? cases.get('default')
  return { optional: true, value: scope => choose(scope)?.value(scope), json: scope => choose(scope)?.json(scope) }
}

function strayKey (key: string, around: Place): TemplateError {
  return new TemplateError({ message: `key '${key}' beside a block`, hint: 'an object that is a block has no keys but the block and its {{else}}' }, { pointer: around.pointer })
}
