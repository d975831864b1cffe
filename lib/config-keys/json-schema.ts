import { Type } from 'typebox'

const JSON_TYPES = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'] as const

const schemaRef = { $ref: '#/$defs/JsonSchema' }
export const schemaMap = { type: 'object', additionalProperties: schemaRef }
const schemaList = { type: 'array', items: schemaRef, minItems: 1 }
const count = { type: 'integer', minimum: 0 }
const names = { type: 'array', items: { type: 'string' } }

/**
 * The shape of a JSON Schema (draft 2020-12), checked without compiling it: a wrong keyword is told when the
 * configuration is read, while the schema itself is compiled only when a request needs it.
 */
export const jsonSchemaShape = {
  title: 'JSON Schema',
  type: ['object', 'boolean'],
  properties: {
    $ref: { type: 'string' },
    type: { anyOf: [{ enum: JSON_TYPES }, { type: 'array', items: { enum: JSON_TYPES }, minItems: 1 }] },
    properties: schemaMap,
    patternProperties: schemaMap,
    additionalProperties: schemaRef,
    propertyNames: schemaRef,
    items: schemaRef,
    prefixItems: schemaList,
    contains: schemaRef,
    allOf: schemaList,
    anyOf: schemaList,
    oneOf: schemaList,
    not: schemaRef,
    if: schemaRef,
    then: schemaRef,
    else: schemaRef,
    $defs: schemaMap,
    required: names,
    enum: { type: 'array' },
    pattern: { type: 'string' },
    format: { type: 'string' },
    minimum: { type: 'number' },
    maximum: { type: 'number' },
    exclusiveMinimum: { type: 'number' },
    exclusiveMaximum: { type: 'number' },
    multipleOf: { type: 'number', exclusiveMinimum: 0 },
    minLength: count,
    maxLength: count,
    minItems: count,
    maxItems: count,
    minProperties: count,
    maxProperties: count,
    uniqueItems: { type: 'boolean' },
    description: { type: 'string' }
  }
} as const

/** A JSON Schema of draft 2020-12; in code, any TypeBox schema. `#/schemas/Name` refers to the configuration's `schemas`. */
export type JsonSchema = boolean | object

export const JsonSchema = (description: string) =>
  Type.Unsafe<JsonSchema>({ ...schemaRef, description })

export const strict = { additionalProperties: false } as const
