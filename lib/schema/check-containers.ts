import { violate, type Rule, type Rules, type Seen, type Walk } from './check-walk.ts'
import { isObject, type ObjectSchema } from './subschemas.ts'
import { toCount, toNames, toSchema, toSchemaMap, toSchemas } from './keywords.ts'
import { matcherOf } from './pattern-matcher.ts'
import { findTwins } from './unique-items.ts'

type ObjectRule = (value: ObjectSchema, walk: Walk, seen: Seen | undefined) => void

export function objectRules (schema: ObjectSchema, rules: Rules): Rule[] {
  const list: ObjectRule[] = []
  const required = toNames(schema.required)
  if (required.length > 0) {
    list.push((value, walk) => {
      for (const name of required) {
        if (!Object.hasOwn(value, name) && !rules.hidden(name, walk)) violate(walk, 'required')
      }
    })
  }
  const min = toCount(schema.minProperties)
  if (min !== undefined) list.push((value, walk) => { if (Object.keys(value).length < min) violate(walk, 'minProperties') })
  const max = toCount(schema.maxProperties)
  if (max !== undefined) list.push((value, walk) => { if (Object.keys(value).length > max) violate(walk, 'maxProperties') })

  const properties = toSchemaMap(schema.properties)
  const patterns = [...toSchemaMap(schema.patternProperties)].map(([source, its]) => ({ matches: matcherOf(source), its }))
  const additional = schema.additionalProperties === undefined ? undefined : toSchema(schema.additionalProperties)
  if (properties.size > 0 || patterns.length > 0 || additional !== undefined) {
    list.push((value, walk, seen) => {
      const before = walk.violations.length
      for (const name of Object.keys(value)) {
        if (walk.probing && walk.violations.length > before) return
        const own = properties.get(name)
        let matched = own !== undefined
        if (own !== undefined) rules.enter(own, name, value[name], walk)
        for (const { matches, its } of patterns) {
          if (!matches?.(name)) continue
          matched = true
          rules.enter(its, name, value[name], walk)
        }
        if (!matched && additional !== undefined) {
          matched = true
          rules.enter(additional, name, value[name], walk)
        }
        if (matched) seen?.names.add(name)
      }
    })
  }
  if (schema.propertyNames !== undefined) {
    const names = rules.of(toSchema(schema.propertyNames))
    list.push((value, walk) => {
      for (const name of Object.keys(value)) if (!rules.holds(names, name, walk)) violate(walk, 'propertyNames')
    })
  }
  // What both became of: `dependencies` of draft 7, which the validator enforces as well.
  const dependencies = Object.entries(isObject(schema.dependencies) ? schema.dependencies : {})
  const namesNeeded = [...Object.entries(isObject(schema.dependentRequired) ? schema.dependentRequired : {}), ...dependencies.filter(([, its]) => Array.isArray(its))]
  if (namesNeeded.length > 0) {
    const dependent = namesNeeded.map(([name, names]) => [name, toNames(names)] as const)
    list.push((value, walk) => {
      for (const [name, names] of dependent) {
        if (Object.hasOwn(value, name) && !names.every(other => Object.hasOwn(value, other))) violate(walk, 'dependentRequired')
      }
    })
  }
  for (const [name, its] of [...toSchemaMap(schema.dependentSchemas), ...toSchemaMap(Object.fromEntries(dependencies.filter(([, its]) => !Array.isArray(its))))]) {
    const rule = rules.of(its)
    list.push((value, walk, seen) => { if (Object.hasOwn(value, name)) rule(value, walk, seen) })
  }
  if (schema.unevaluatedProperties !== undefined) {
    const rest = toSchema(schema.unevaluatedProperties)
    list.push((value, walk, seen) => {
      for (const name of Object.keys(value)) {
        if (seen === undefined || seen.names.has(name)) continue
        rules.enter(rest, name, value[name], walk)
        seen.names.add(name)
      }
    })
  }
  return list.map(rule => (value, walk, seen) => { if (isObject(value)) rule(value, walk, seen) })
}

type ArrayRule = (value: readonly unknown[], walk: Walk, seen: Seen | undefined) => void

export function arrayRules (schema: ObjectSchema, rules: Rules): Rule[] {
  const list: ArrayRule[] = []
  const min = toCount(schema.minItems)
  if (min !== undefined) list.push((value, walk) => { if (value.length < min) violate(walk, 'minItems') })
  const max = toCount(schema.maxItems)
  if (max !== undefined) list.push((value, walk) => { if (value.length > max) violate(walk, 'maxItems') })
  if (schema.uniqueItems === true) list.push((value, walk) => { if (findTwins(value) !== undefined) violate(walk, 'uniqueItems') })

  const prefix = toSchemas(schema.prefixItems)
  const items = schema.items === undefined || Array.isArray(schema.items) ? undefined : toSchema(schema.items)
  if (prefix.length > 0 || items !== undefined) {
    list.push((value, walk, seen) => {
      for (let index = 0; index < value.length; index++) {
        const its = index < prefix.length ? prefix[index] : items
        if (its === undefined) break
        rules.enter(its, index, value[index], walk)
        seen?.items.add(index)
      }
    })
  }
  if (schema.contains !== undefined) {
    const contains = rules.of(toSchema(schema.contains))
    const least = toCount(schema.minContains) ?? 1
    const most = toCount(schema.maxContains) ?? Infinity
    list.push((value, walk, seen) => {
      let count = 0
      for (let index = 0; index < value.length; index++) {
        if (!rules.holds(contains, value[index], walk)) continue
        count++
        seen?.items.add(index)
      }
      if (count < least || count > most) violate(walk, 'contains')
    })
  }
  if (schema.unevaluatedItems !== undefined) {
    const rest = toSchema(schema.unevaluatedItems)
    list.push((value, walk, seen) => {
      for (let index = 0; index < value.length; index++) {
        if (seen === undefined || seen.items.has(index)) continue
        rules.enter(rest, index, value[index], walk)
        seen.items.add(index)
      }
    })
  }
  return list.map(rule => (value, walk, seen) => { if (Array.isArray(value)) rule(value, walk, seen) })
}
