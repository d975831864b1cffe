import { bracketPath, formNode, putField, type FormNode } from './body/form-tree.ts'
import { parseInnerJson } from './body/json.ts'
import { nestedValue } from './body/nested-value.ts'
import type { JsonSchema } from './config.ts'
import { delimited, SEPARATORS, splitOnce } from './delimited.ts'
import { SchemaView } from './schema/schema-view.ts'
import { sharedName } from './schema/shared-refs.ts'
import { isObject, type ObjectSchema } from './schema/subschemas.ts'

/**
 * How parameters are written in a request (OpenAPI 3.1, section 4.8.12 "Style Values"): an array or an object becomes text
 * in a way that `style` and `explode`, standing beside its schema, tell. This turns the text back, before it is validated.
 */
export type Location = 'querystring' | 'params' | 'headers' | 'cookies'

export type Values = Record<string, unknown>

/** Changes the values of one location in place. */
export type ParameterDecoder = (values: Values) => void

type Shape = 'array' | 'object'

/**
 * Compiles the decoder of one location; undefined when every value can stay as it came.
 *
 * @param schema object schema whose properties are the parameters
 * @param shared the configuration's `schemas`, to tell what a `$ref` is
 */
export function parameterDecoder (schema: JsonSchema, location: Location, shared: Readonly<Record<string, JsonSchema>> = {}): ParameterDecoder | undefined {
  if (!isObject(schema) || !isObject(schema.properties)) return undefined
  const { properties } = schema
  const required = new Set(Array.isArray(schema.required) ? schema.required : [])
  const steps = Object.entries(properties).flatMap(([name, property]) => isObject(property)
    ? decodeOne({ name, property, location, shape: parameterShape(property, shared), required: required.has(name), siblings: properties, shared }) ?? []
    : [])
  return steps.length === 0 ? undefined : values => { for (const step of steps) step(values) }
}

interface Parameter {
  name: string
  property: ObjectSchema
  location: Location
  shape: Shape | undefined
  required: boolean
  /** All parameters of the location. */
  siblings: ObjectSchema
  shared: Readonly<Record<string, JsonSchema>>
}

function decodeOne (parameter: Parameter): ParameterDecoder | undefined {
  const { name, property, location, shape } = parameter
  if (typeof property.content === 'string' && /json/i.test(property.content)) return replace(name, parseJson)
  const inQuery = location === 'querystring' || location === 'cookies'
  const style = typeof property.style === 'string' ? property.style : inQuery ? 'form' : 'simple'
  const explode = typeof property.explode === 'boolean' ? property.explode : style === 'form'
  if (style === 'label') return replace(name, text => delimited(text.replace(/^\./, ''), explode ? '.' : ',', shape, explode))
  if (style === 'matrix') return replace(name, text => matrix(text, name, shape, explode))
  if (shape === undefined) return undefined
  if (style === 'deepObject') return gatherDeep(parameter)
  if (style === 'form' && explode) return shape === 'object' ? gatherExploded(parameter) : undefined
  const separator = SEPARATORS[style] ?? ','
  // Exploded delimited lists repeat the name, which has already given a list.
  return style.endsWith('Delimited') && explode ? undefined : replace(name, text => delimited(text, separator, shape, explode))
}

function replace (name: string, decode: (text: string) => unknown): ParameterDecoder {
  return values => {
    const value = values[name]
    if (typeof value === 'string') values[name] = decode(value)
  }
}

/** Text that is not JSON stays text, for the validation to reject. */
function parseJson (text: string): unknown {
  try {
    return parseInnerJson(text)
  } catch {
    return text
  }
}

/** `;name=value`, `;name=a,b`, or exploded `;name=a;name=b` and `;k=v;k=v` (RFC 6570, section 3.2.7). */
function matrix (text: string, name: string, shape: Shape | undefined, explode: boolean): unknown {
  const pairs = text.replace(/^;/, '').split(';').map(part => splitOnce(part, '='))
  if (explode && shape === 'object') return Object.fromEntries(pairs)
  if (explode && shape === 'array') return pairs.map(([, value]) => value)
  const value = pairs.find(([key]) => key === name)?.[1] ?? text
  return delimited(value, ',', shape, false)
}

/** `name[a]=1&name[b][c]=2` becomes one object under `name`; where the schema speaks of lists, `name[0]=1&name[]=2` becomes one. */
function gatherDeep ({ name, property, shared }: Parameter): ParameterDecoder {
  let view: SchemaView | undefined
  return values => {
    let node: FormNode | undefined
    for (const key of Object.keys(values)) {
      const path = key.startsWith(name) ? bracketPath(key.slice(name.length)) : undefined
      if (path === undefined) continue
      node ??= formNode()
      for (const value of [values[key]].flat()) putField(node, path, value)
      delete values[key]
    }
    if (node === undefined) return
    view ??= new SchemaView([property], shared)
    values[name] = nestedValue(node, view)
  }
}

/**
 * An exploded form object is spread over the query: its properties stand there under their own names. One that is required and
 * has nothing to say is empty, not missing. Text under the parameter's own name is taken for JSON, as Swagger UI sends it.
 */
function gatherExploded ({ name, property, required, siblings, shared }: Parameter): ParameterDecoder {
  const target = resolve(property, shared)
  const known = isObject(target?.properties) ? Object.keys(target.properties).filter(key => !Object.hasOwn(siblings, key)) : []
  const isOpen = target?.additionalProperties !== undefined && target.additionalProperties !== false
  return values => {
    const value = values[name]
    if (typeof value === 'string') values[name] = parseJson(value)
    if (value !== undefined) return
    const keys = isOpen ? Object.keys(values).filter(key => !Object.hasOwn(siblings, key)) : known.filter(key => values[key] !== undefined)
    if (required || keys.length > 0) values[name] = Object.fromEntries(keys.map(key => [key, values[key]]))
  }
}

function resolve (schema: ObjectSchema, shared: Readonly<Record<string, JsonSchema>>): ObjectSchema | undefined {
  let target: unknown = schema
  for (let hops = 0; hops < 16 && isObject(target) && typeof target.$ref === 'string'; hops++) {
    const found = sharedName(target.$ref)
    target = found === undefined ? undefined : shared[found.name]
  }
  return isObject(target) ? target : undefined
}

/** Whether a parameter is a list or an object, and so is written in the way that its style tells. */
export function parameterShape (schema: ObjectSchema, shared: Readonly<Record<string, JsonSchema>>): Shape | undefined {
  const target = resolve(schema, shared)
  if (target === undefined) return undefined
  const types = [target.type].flat()
  if (types.includes('array') || (target.type === undefined && target.items !== undefined)) return 'array'
  if (types.includes('object') || (target.type === undefined && target.properties !== undefined)) return 'object'
  for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
    const list = target[keyword]
    if (!Array.isArray(list)) continue
    for (const part of list) {
      const shape = isObject(part) ? parameterShape(part, shared) : undefined
      if (shape !== undefined) return shape
    }
  }
  return undefined
}
