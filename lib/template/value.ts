import { child } from '../json-pointer.ts'
import { stringifyJson } from '../stringify-json.ts'
import { TemplateError, TemplateRenderError, faultOf } from './error.ts'
import { compileBlockList, compileBlockValue, isOpening } from './value-block.ts'
import type { Surroundings } from './expression.ts'
import { isRecord, setOwn } from './own.ts'
import { rendererOf } from './program.ts'
import type { Renderer, Scope } from './scope.ts'
import { compileString, compileText, isTemplate } from './string.ts'
import { quote, toJson, toValue } from './to-text.ts'

/** A JSON value, compiled. Two ways out, which always agree: the value, and its JSON text without the detour. */
export interface ValueNode {
  /** Set when nothing in it is a template; it is then always the same. */
  readonly constant?: { readonly value: unknown, readonly json: string | undefined }
  /** A block without a branch to take: left out of lists, where others that are undefined become null. */
  readonly optional?: boolean
  /** Undefined: there is nothing. */
  value (scope: Scope): unknown
  json (scope: Scope): string | undefined
}

/**
 * Compiles a JSON value in which any string, and any key, may be a template.
 * Throws a TemplateError with the JSON pointer of the string.
 */
export function compileValue (json: unknown, around: Surroundings, nesting = 0): ValueNode {
  if (nesting > around.limits.depth) {
    throw new TemplateError({ message: `nested deeper than ${around.limits.depth} levels` }, { pointer: around.pointer })
  }
  if (typeof json === 'string') return compileLeaf(json, around)
  if (Array.isArray(json)) return compileArray(json, around, nesting + 1)
  return isRecord(json) ? compileObject(json, around, nesting + 1) : constantNode(json)
}

function constantNode (value: unknown): ValueNode {
  const json = JSON.stringify(value)
  return { constant: { value, json }, value: () => value, json: () => json }
}

/** The surroundings of a part of the value. */
export function within (around: Surroundings, key: string | number): Surroundings {
  return { ...around, pointer: child(around.pointer, key) }
}

function compileLeaf (source: string, around: Surroundings): ValueNode {
  const compiled = compileString(source, around)
  if (compiled.kind === 'text') {
    const { program } = compiled
    return typeof program === 'string' ? constantNode(program) : { value: program, json: scope => quote(program(scope)) }
  }
  const { evaluate } = compiled
  const { pointer } = around
  return {
    value: scope => toValue(evaluate(scope)),
    json: scope => {
      const value = toValue(evaluate(scope))
      if (typeof value !== 'object') return toJson(value)
      try {
        return toJson(value)
      } catch (error) {
        throw new TemplateRenderError(faultOf(error), { pointer })
      }
    }
  }
}

function compileArray (list: readonly unknown[], around: Surroundings, nesting: number): ValueNode {
  const [head] = list
  if (typeof head === 'string' && isOpening(head)) return compileBlockList(head, list.slice(1), around, nesting)
  const items = list.map((item, index) => compileValue(item, within(around, index), nesting))
  if (items.every(item => item.constant !== undefined)) return constantNode(list)
  return {
    value: scope => items.flatMap(item => itemOf(item, scope)),
    json: scope => `[${jsonItems(items, scope)}]`
  }
}

/** What a node adds to a list: in a list of its own, so that lists in lists stay whole. */
export function itemOf (node: ValueNode, scope: Scope): [] | [unknown] {
  const value = node.value(scope)
  if (value !== undefined) return [value]
  return node.optional === true ? [] : [null]
}

export function jsonItems (nodes: readonly ValueNode[], scope: Scope): string {
  let text = ''
  let empty = true
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i]!
    const json = node.json(scope) ?? (node.optional === true ? undefined : 'null')
    if (json === undefined) continue
    text += empty ? json : `,${json}`
    empty = false
  }
  return text
}

function compileObject (object: Readonly<Record<string, unknown>>, around: Surroundings, nesting: number): ValueNode {
  const entries = Object.entries(object)
  if (entries.some(([key]) => isOpening(key))) return compileBlockValue(entries, around, nesting)
  const members = entries.map(([key, value]) => {
    const inside = within(around, key)
    return { key: isTemplate(key) ? compileText(key, inside) : key, node: compileValue(value, inside, nesting) }
  })
  const fixed = members.flatMap(({ key, node }) => typeof key === 'string' ? [{ key, node }] : [])
  if (fixed.length < members.length) return computedKeys(members.map(({ key, node }) => ({ key: rendererOf(key), node })))
  if (fixed.every(({ key, node }, index) => node.constant !== undefined && key === entries[index]![0])) return constantNode(object)
  return fixedKeys(fixed)
}

/** Two keys may turn out the same, then the later wins: so the object is made first, its text after. */
function computedKeys (members: ReadonlyArray<{ key: Renderer, node: ValueNode }>): ValueNode {
  const value = (scope: Scope) => {
    const result: Record<string, unknown> = {}
    for (const { key, node } of members) {
      const name = key(scope)
      const value = node.value(scope)
      if (value !== undefined) setOwn(result, name, value)
    }
    return result
  }
  return { value, json: scope => stringifyJson(value(scope)) }
}

function fixedKeys (members: ReadonlyArray<{ key: string, node: ValueNode }>): ValueNode {
  const chunks = chunksOf(members)
  return {
    value: scope => {
      const result: Record<string, unknown> = {}
      for (let i = 0; i < members.length; i++) {
        const { key, node } = members[i]!
        const value = node.value(scope)
        if (value !== undefined) setOwn(result, key, value)
      }
      return result
    },
    json: scope => {
      let text = '{'
      for (let i = 0; i < chunks.length; i++) {
        const { first, next, node } = chunks[i]!
        const lead = text.length === 1 ? first : next
        if (node === undefined) text += lead
        else {
          const json = node.json(scope)
          if (json !== undefined) text += lead + json
        }
      }
      return text + '}'
    }
  }
}

interface Chunk {
  /** Text before the value, or the whole text of constant members: where it comes first, and where after others. */
  readonly first: string
  readonly next: string
  readonly node?: ValueNode
}

/** Joins neighbours that are constant. */
function chunksOf (members: ReadonlyArray<{ key: string, node: ValueNode }>): Chunk[] {
  const chunks: Chunk[] = []
  for (const { key, node } of members) {
    const name = `${JSON.stringify(key)}:`
    if (node.constant === undefined) {
      chunks.push({ first: name, next: `,${name}`, node })
    } else if (node.constant.json !== undefined) {
      const before = chunks.at(-1)
      const text = name + node.constant.json
      if (before !== undefined && before.node === undefined) chunks[chunks.length - 1] = { first: `${before.first},${text}`, next: `${before.next},${text}` }
      else chunks.push({ first: text, next: `,${text}` })
    }
  }
  return chunks
}
