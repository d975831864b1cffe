import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import { Config, jsonSchemaShape, type Endpoint, type JsonSchema } from '../config.ts'
import { isObject } from '../schema/subschemas.ts'

/** Ajv's error with the value and the schema that met (its `verbose` option). */
export type ShapeError = ErrorObject

const ID = 'mock:/config'

/** The schema that is compiled: everything but the endpoints and schemas, which have checks of their own. */
const shell = { ...Config.properties, endpoints: { type: 'array' }, schemas: { type: 'object' } }

/**
 * The compiled checks of the configuration's parts. Compiled at the first use, once for the process (some 30 ms). The parts are
 * separate so that ten thousand endpoints can be checked in slices.
 */
export interface ShapeChecks {
  config: ValidateFunction
  endpoint: ValidateFunction<Endpoint>
  schema: ValidateFunction<JsonSchema>
  /** The check of one branch of a union, to tell how near a value comes to it. */
  branch (schema: object): ValidateFunction
}

let checks: ShapeChecks | undefined

export function shapeChecks (): ShapeChecks {
  checks ??= compile()
  return checks
}

function compile (): ShapeChecks {
  // Ajv's optimiser takes longer than all the rest of the compilation, and checks are no faster for it.
  const ajv = new Ajv2020({ strict: false, allErrors: true, verbose: true, validateSchema: false, addUsedSchema: false, code: { optimize: false } })
  ajv.addSchema({ ...Config, $id: ID })
  const branches = new WeakMap<object, ValidateFunction>()
  return {
    config: ajv.compile({ ...Config, properties: shell, $id: `${ID}/shell` }),
    endpoint: ajv.compile<Endpoint>({ $ref: `${ID}#/properties/endpoints/items` }),
    schema: ajv.compile<JsonSchema>({ $ref: `${ID}#/$defs/JsonSchema` }),
    branch (schema) {
      let check = branches.get(schema)
      if (check === undefined) {
        check = ajv.compile({ ...schema, $defs: { JsonSchema: jsonSchemaShape } })
        branches.set(schema, check)
      }
      return check
    }
  }
}

/** The keys that an object schema knows, if it knows them all. */
export function knownKeys (schema: unknown): string[] {
  return isObject(schema) && isObject(schema.properties) ? Object.keys(schema.properties) : []
}
