import { isDeepStrictEqual } from 'node:util'
import type { JsonSchema } from '../config.ts'
import { isObject, type ObjectSchema } from './subschemas.ts'
import { arrayRules, objectRules } from './check-containers.ts'
import { numberRules, stringRules } from './check-scalars.ts'
import { violate, type Rule, type Rules, type Seen, type Violation, type Walk } from './check-walk.ts'
import { toSchema, toSchemas, typeOf, typesOf } from './keywords.ts'
import type { Located, References } from './references.ts'

export interface Checker {
  /** What is wrong with a value; empty when it is valid. */
  check (value: unknown, parts: readonly Located[]): Violation[]
}

const MAX_NESTING = 500

/**
 * A JSON Schema (2020-12) validator that compiles nothing ahead: each subschema becomes a closure when a value first reaches
 * it, so that the first check costs what the value is worth and not what the schemas that it is connected to are.
 * It counts what is wrong instead of stopping, so that the least wrong of several values can be told.
 *
 * @param isHidden whether a required property may be missing in this direction
 * @param beyondDepth what becomes of a value that a schema speaks of too deeply to be looked at
 */
export function createChecker (references: References, isHidden: (owner: readonly Located[], name: string) => boolean, beyondDepth: 'accept' | 'refuse' = 'accept'): Checker {
  const compiled = new WeakMap<object, Rule>()

  function ruleOf (schema: JsonSchema, root: JsonSchema): Rule {
    if (!isObject(schema)) return schema ? () => {} : (_value, walk) => violate(walk, 'false')
    let rule = compiled.get(schema)
    if (rule === undefined) compiled.set(schema, rule = compile(schema, root))
    return rule
  }

  function compile (schema: ObjectSchema, root: JsonSchema): Rule {
    const rules: Rules = {
      of: subschema => lazily(() => ruleOf(subschema, root)),
      enter (subschema, key, value, walk) {
        const { owner } = walk
        walk.path.push(key)
        walk.owner = [{ schema: subschema, root }]
        ruleOf(subschema, root)(value, walk, undefined)
        walk.owner = owner
        walk.path.pop()
      },
      holds,
      hidden: (name, walk) => isHidden(walk.owner, name)
    }
    const list: Rule[] = [
      ...valueRules(schema),
      ...numberRules(schema).map((rule): Rule => (value, walk) => { if (typeof value === 'number' || typeof value === 'bigint') rule(Number(value), walk) }),
      ...stringRules(schema).map((rule): Rule => (value, walk) => { if (typeof value === 'string') rule(value, walk) }),
      ...referenceRules(schema, root),
      ...choiceRules(schema, rules),
      ...objectRules(schema, rules),
      ...arrayRules(schema, rules)
    ]
    const [only] = list
    const all: Rule = only !== undefined && list.length === 1
      ? only
      : (value, walk, seen) => {
          const before = walk.violations.length
          for (const rule of list) {
            rule(value, walk, seen)
            if (walk.probing && walk.violations.length > before) break
          }
        }
    const tracks = schema.unevaluatedProperties !== undefined || schema.unevaluatedItems !== undefined
    return (value, walk, seen) => {
      if (walk.nesting >= MAX_NESTING) {
        walk.isCut = true
        return
      }
      walk.nesting++
      if (tracks) {
        const own = { names: new Set<string>(), items: new Set<number>() }
        all(value, walk, own)
        if (seen !== undefined) merge(own, seen)
      } else all(value, walk, seen)
      walk.nesting--
    }
  }

  function referenceRules (schema: ObjectSchema, root: JsonSchema): Rule[] {
    return [schema.$ref, schema.$dynamicRef].flatMap(ref => {
      if (typeof ref !== 'string') return []
      return [lazily(() => {
        const target = references.resolve(ref, root)
        // What a reference that leads nowhere would ask is not known: the generator tells it.
        return target === undefined ? () => {} : ruleOf(target.schema, target.root)
      })]
    })
  }

  return {
    check (value, parts) {
      const violations: Violation[] = []
      for (const part of parts) {
        const walk: Walk = { violations, path: [], probing: false, nesting: 0, isCut: false, owner: parts }
        ruleOf(part.schema, part.root)(value, walk, undefined)
        if (walk.isCut && beyondDepth === 'refuse') violate(walk, 'depth')
      }
      return violations
    }
  }
}

function lazily (make: () => Rule): Rule {
  let rule: Rule | undefined
  return (value, walk, seen) => (rule ??= make())(value, walk, seen)
}

function holds (rule: Rule, value: unknown, walk: Walk, seen?: Seen): boolean {
  const { probing } = walk
  const before = walk.violations.length
  walk.probing = true
  const own = seen && { names: new Set<string>(), items: new Set<number>() }
  rule(value, walk, own)
  walk.probing = probing
  const ok = walk.violations.length === before
  walk.violations.length = before
  if (ok && seen !== undefined && own !== undefined) merge(own, seen)
  return ok
}

function merge (from: Seen, into: Seen): void {
  for (const name of from.names) into.names.add(name)
  for (const index of from.items) into.items.add(index)
}

function valueRules (schema: ObjectSchema): Rule[] {
  const rules: Rule[] = []
  const types = typesOf(schema)
  if (types !== undefined) {
    rules.push((value, walk) => {
      const type = typeOf(value)
      const fits = type !== undefined && (types.includes(type) || (type === 'integer' && types.includes('number')))
      if (!fits) violate(walk, 'type')
    })
  }
  const values = schema.enum
  if (Array.isArray(values)) {
    const isListed = membership(values)
    rules.push((value, walk) => { if (!isListed(value)) violate(walk, 'enum') })
  }
  const only = schema.const
  if (only !== undefined) rules.push((value, walk) => { if (!same(value, only)) violate(walk, 'const') })
  return rules
}

/** Lists may be long, and each of their values may be asked for. */
function membership (values: readonly unknown[]): (value: unknown) => boolean {
  const scalars = new Set(values.filter(value => typeof value !== 'object'))
  const others = values.filter(value => typeof value === 'object')
  return value => scalars.has(value) || others.some(other => same(value, other))
}

const same = (one: unknown, other: unknown): boolean =>
  one === other || (typeof one === 'object' && typeof other === 'object' && isDeepStrictEqual(one, other))

function choiceRules (schema: ObjectSchema, rules: Rules): Rule[] {
  const { holds } = rules
  const list: Rule[] = toSchemas(schema.allOf).map(rules.of)
  const any = toSchemas(schema.anyOf).map(rules.of)
  if (any.length > 0) {
    list.push((value, walk, seen) => {
      let some = false
      for (const rule of any) {
        if (holds(rule, value, walk, seen)) some = true
        // Every branch that holds counts for `unevaluated...`; without it the first one is enough.
        if (some && seen === undefined) break
      }
      if (!some) violate(walk, 'anyOf')
    })
  }
  const one = toSchemas(schema.oneOf).map(rules.of)
  if (one.length > 0) {
    list.push((value, walk, seen) => {
      if (one.filter(rule => holds(rule, value, walk, seen)).length !== 1) violate(walk, 'oneOf')
    })
  }
  if (schema.not !== undefined) {
    const not = rules.of(toSchema(schema.not))
    list.push((value, walk) => { if (holds(not, value, walk)) violate(walk, 'not') })
  }
  if (schema.if !== undefined) {
    const condition = rules.of(toSchema(schema.if))
    const consequence = rules.of(toSchema(schema.then))
    const alternative = rules.of(toSchema(schema.else))
    list.push((value, walk, seen) => {
      const next = holds(condition, value, walk, seen) ? consequence : alternative
      next(value, walk, seen)
    })
  }
  return list
}
