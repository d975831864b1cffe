import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import { configSchema } from '../config-schema.ts'
import { createChecker } from '../schema/check.ts'
import { createReferences } from '../schema/references.ts'
import { isObject } from '../schema/subschemas.ts'

/** Ajv's error with the value and the schema that met (its `verbose` option). */
export type ShapeError = ErrorObject

const ID = 'mock:/config'

/** A configuration without its endpoints and schemas, which are checked one by one, so that ten thousand can be checked in slices. */
const shell = { ...configSchema, $id: `${ID}/shell`, properties: { ...configSchema.properties, endpoints: { type: 'array' }, schemas: { type: 'object' } } }

const quick = createChecker(createReferences({}), () => false)
const branches = new WeakMap<object, ValidateFunction>()
let compiler: Ajv2020 | undefined

/**
 * What is wrong with the shape of a configuration's parts: nothing, when the list is empty. What is right is found right by a checker
 * that compiles nothing, and as fast; Ajv, which takes 100 ms to compile the schema, is asked only to say what is wrong.
 */
export const shapeErrors = {
  config: shapeCheck(shell, shell),
  endpoint: shapeCheck(configSchema.properties.endpoints.items, { $ref: `${ID}#/properties/endpoints/items` }),
  schema: shapeCheck(configSchema.$defs.JsonSchema, { $ref: `${ID}#/$defs/JsonSchema` }),
  when: shapeCheck(configSchema.$defs.When, { $ref: `${ID}#/$defs/When` }),
  /** Of one branch of a union, to tell how near a value comes to it. */
  branch (schema: object, value: unknown): readonly ShapeError[] {
    let check = branches.get(schema)
    if (check === undefined) branches.set(schema, check = ajv().compile({ ...schema, $defs: configSchema.$defs }))
    return check(value) ? [] : check.errors ?? []
  }
}

/** @param standalone the same schema with references that Ajv can follow */
function shapeCheck (schema: unknown, standalone: object): (value: unknown) => readonly ShapeError[] {
  const located = [{ schema: isObject(schema) ? schema : true, root: configSchema }]
  let check: ValidateFunction | undefined
  return value => {
    if (quick.check(value, located).length === 0) return []
    check ??= ajv().compile(standalone)
    return check(value) ? [] : check.errors ?? []
  }
}

function ajv (): Ajv2020 {
  if (compiler === undefined) {
    // Ajv's optimiser takes longer than all the rest of the compilation, and checks are no faster for it.
    compiler = new Ajv2020({ strict: false, allErrors: true, verbose: true, validateSchema: false, addUsedSchema: false, code: { optimize: false } })
    compiler.addSchema({ ...configSchema, $id: ID })
  }
  return compiler
}

/** The keys that an object schema knows, if it knows them all. */
export function knownKeys (schema: unknown): string[] {
  return isObject(schema) && isObject(schema.properties) ? Object.keys(schema.properties) : []
}
