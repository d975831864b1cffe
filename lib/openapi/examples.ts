import { isObject, type JsonObject } from './json-object.ts'
import type { ImportContext } from './scope.ts'

/** One example of a body, as declared: values are never looked into, so a `$ref` inside stays what it is. */
export interface Example {
  /** Its key among `examples`. */
  name?: string
  /** Absent where only the text or the bytes are given. */
  value?: unknown
  /** The body as it is sent: `serializedValue` of OpenAPI 3.2. */
  text?: string
  /** What the loader found behind `externalValue`, where that is not text. */
  base64?: string
  description?: string
}

/** Where the loader puts the bytes of an `externalValue` that is not text. */
export const BYTES = 'x-mock-base64'

/** Keys by which an Example Object is told from a bare value in its place, which some documents have. */
const EXAMPLE_KEYS = ['value', 'externalValue', 'dataValue', 'serializedValue', BYTES, 'summary', 'description']

/**
 * The examples of a media type, parameter or header: `example` first, then the named ones, in their order. Null, false, 0 and ''
 * are examples. What leads nowhere, or has no value, is left out and told.
 *
 * @param onLost told what is left out, by its key among `examples`
 */
export function examplesOf ({ refs }: ImportContext, holder: JsonObject, onLost: (key: string, reason: string) => void = () => {}): Example[] {
  const found: Example[] = []
  if (Object.hasOwn(holder, 'example')) found.push({ value: holder.example })
  const { examples } = holder
  if (examples === undefined && found.length === 0) return extensionExamples(holder)
  if (Array.isArray(examples)) return [...found, ...examples.map(value => ({ value }))]
  if (!isObject(examples)) return found
  for (const [name, declared] of Object.entries(examples)) {
    const target = refs.follow(declared, '')
    if ('missing' in target) {
      onLost(name, `$ref '${target.missing}' leads nowhere`)
      continue
    }
    const example = readExample(target.value)
    if (example === undefined) onLost(name, 'the example has no value that could be read')
    else found.push({ name, ...example })
  }
  return found
}

/** The `x-example` and `x-examples` of other tools, which stand where the specification had no word yet: lists, or values by name. */
export function extensionExamples (holder: JsonObject): Example[] {
  const { 'x-example': one, 'x-examples': several } = holder
  if (one !== undefined) return [{ value: one }]
  if (Array.isArray(several)) return several.map(value => ({ value }))
  return isObject(several) ? Object.entries(several).flatMap(([name, declared]) => ({ name, ...readExample(declared) })) : []
}

function readExample (declared: unknown): Example | undefined {
  if (!isObject(declared) || !EXAMPLE_KEYS.some(key => Object.hasOwn(declared, key))) return { value: declared }
  const description = typeof declared.summary === 'string' ? { description: declared.summary } : {}
  if (Object.hasOwn(declared, 'value')) return { value: declared.value, ...description }
  if (Object.hasOwn(declared, 'dataValue')) {
    return { value: declared.dataValue, ...description, ...typeof declared.serializedValue === 'string' && { text: declared.serializedValue } }
  }
  if (typeof declared.serializedValue === 'string') return { text: declared.serializedValue, ...description }
  const bytes = declared[BYTES]
  return typeof bytes === 'string' ? { base64: bytes, ...description } : undefined
}

/** The values alone. */
export const exampleValues = (context: ImportContext, holder: JsonObject): unknown[] =>
  examplesOf(context, holder).flatMap(example => 'value' in example ? [example.value] : [])
