import { isUploadedFile, validatedAs } from '../body/uploaded-file.ts'
import type { JsonSchema } from '../config.ts'
import { createSchemaCompiler } from '../schema/compiler.ts'
import { createInterpreter } from '../schema/interpreter.ts'
import type { SharedSchemas } from '../schema/schema-view.ts'
import { isObject } from '../schema/subschemas.ts'
import { setOwn } from '../template/own.ts'
import { createFinder } from '../violation/find.ts'
import { createPart, type Judges, type Part } from '../violation/part.ts'
import { subjectOf } from '../violation/violation.ts'
import { clamp } from './distance.ts'
import { verdictOf } from './leaf.ts'
import { show } from './show.ts'
import type { Subject } from './subject.ts'
import type { Setting, ValueTest } from './value-test.ts'

/** Made once for each configuration, whatever the number of its conditions. */
const judgesOf = new WeakMap<SharedSchemas, Judges>()
const NONE: SharedSchemas = {}

function judgesFor (schemas: SharedSchemas = NONE): Judges {
  let judges = judgesOf.get(schemas)
  if (judges === undefined) {
    judges = { compiler: createSchemaCompiler(schemas), interpreter: createInterpreter(schemas), finder: createFinder(schemas) }
    judgesOf.set(schemas, judges)
  }
  return judges
}

/** Whether a value is valid by a JSON Schema. Where values are texts, they may be the numbers and booleans that they say. */
export function jsonSchemaTest (schema: JsonSchema, { tools, isText }: Setting): ValueTest {
  const judges = judgesFor(tools.schemas)
  const typed = createPart('body', schema, 'json_schema', 'json', judges)
  const texts = createPart('body', schema, 'json_schema', 'text', judges)
  const reading = (value: unknown, subject: Subject): { part: Part, value: unknown } =>
    // What came as text is converted in place, and the request is not ours to change.
    isText(subject) ? { part: texts, value: copyOf(value) } : { part: typed, value }
  const holds: ValueTest['holds'] = (asked, subject) => {
    if (asked === undefined) return false
    const { part, value } = reading(asked, subject)
    return part.holds(value)
  }
  return {
    cost: 30,
    holds,
    judge (asked, subject, where) {
      const isRight = holds(asked, subject)
      const about = { operator: 'json_schema', holds: isRight, expected: nameOf(schema), actual: show(asked), isMissing: asked === undefined }
      if (isRight || asked === undefined) return [verdictOf(where, { ...about, distance: isRight ? 0 : 1 })]
      const { part, value } = reading(asked, subject)
      const found = part.find(value)
      const told = found.slice(0, TOLD).map(violation => [subjectOf(violation), violation.message].filter(text => text !== '').join(' '))
      const more = found.length > TOLD ? ` (and ${found.length - TOLD} more)` : ''
      return [verdictOf(where, { ...about, ...told.length > 0 && { sentence: `${told.join('; ')}${more}` }, distance: clamp(0.2 + found.length / 10) })]
    }
  }
}

const TOLD = 3

const nameOf = (schema: JsonSchema): string => isObject(schema) && typeof schema.$ref === 'string' ? schema.$ref : 'its schema'

function copyOf (value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf)
  if (!isObject(value)) return value
  if (Buffer.isBuffer(value)) return value.toString('latin1')
  if (isUploadedFile(value)) return validatedAs(value)
  const copy: Record<string, unknown> = {}
  for (const [key, member] of Object.entries(value)) setOwn(copy, key, copyOf(member))
  return copy
}
