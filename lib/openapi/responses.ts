import type { Response } from '../config.ts'
import { child } from '../json-pointer.ts'
import { mediaKind } from '../media/kind.ts'
import { concreteType } from './concrete-type.ts'
import { examplesOf, extensionExamples, type Example } from './examples.ts'
import { hasBraces } from './has-braces.ts'
import { isObject, membersOf, textAt, type JsonObject } from './json-object.ts'
import { linksOf } from './links.ts'
import { bodyOf, schemaOf, type DeclaredBody } from './response-body.ts'
import { headersOf } from './response-headers.ts'
import { orderResponses, type ServedResponse } from './response-status.ts'
import type { Target } from './refs.ts'
import { createScope, type ImportContext, type Scope } from './scope.ts'
import { contentOf2 } from './swagger2.ts'

/** Statuses whose answers have no body (RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5). */
const BODILESS = new Set([204, 205, 304])

/** A response, no longer a reference to one. */
interface Found {
  value: JsonObject
  pointer: string
}

export type ResponseImporter = (operation: Target, method: string, scope: Scope) => [Response, ...Response[]]

/**
 * Imports the responses of operations: for each declared status one variant per content type and example, the default
 * answer first. A response that many operations share is imported once.
 */
export function createResponseImporter (context: ImportContext): ResponseImporter {
  const known = new Map<JsonObject, Map<string, { variants: Response[], scope: Scope }>>()

  function importOne ({ value, pointer }: Found, { status, standsFor }: Omit<ServedResponse, 'key'>, method: string, operation: JsonObject): { variants: Response[], scope: Scope } {
    let imported = known.get(value)
    if (imported === undefined) known.set(value, imported = new Map())
    // In 2.0 what a response holds depends on what the operation produces.
    const key = `${status} ${standsFor ?? ''} ${method === 'HEAD' ? method : ''} ${context.family === '2.0' ? JSON.stringify(operation.produces) : ''}`
    let found = imported.get(key)
    if (found === undefined) {
      const scope = createScope(context)
      found = { variants: variantsOf(context, { value, pointer }, { status, standsFor }, method === 'HEAD' ? [] : contentOf(context, { value, pointer }, operation, scope), scope), scope }
      imported.set(key, found)
    }
    return found
  }

  return ({ value, pointer: operationPointer }, method, scope) => {
    const operation = isObject(value) ? value : {}
    const pointer = child(operationPointer, 'responses')
    const declared = new Map(membersOf(operation.responses))
    const { served, unknown } = orderResponses([...declared.keys()])
    for (const key of unknown) scope.lose(child(pointer, key), /^1/.test(key) ? `an interim answer (${key}) is not served` : `'${key}' is not a status`)
    const variants: Response[] = []
    for (const answer of served) {
      const { key, status, standsFor } = answer
      const at = child(pointer, key)
      const target = scope.follow(declared.get(key), at)
      if (target === undefined || !isObject(target.value)) {
        if (target !== undefined) scope.lose(at, 'the response is not an object')
        variants.push({ status, ...standsFor !== undefined && { stands_for: standsFor } })
        continue
      }
      const imported = importOne({ value: target.value, pointer: target.pointer }, answer, method, operation)
      scope.include(imported.scope)
      variants.push(...imported.variants)
    }
    const [first, ...rest] = variants
    if (first !== undefined) return [first, ...rest]
    return [{ status: 200 }]
  }
}

/** Whether the default answer is declared for any content type at all: then there is none that a client cannot have. */
export function takesAnyType ({ document, family, refs }: ImportContext, operation: JsonObject): boolean {
  const declared = new Map(membersOf(operation.responses))
  const [first] = orderResponses([...declared.keys()]).served
  const response = refs.follow(first === undefined ? undefined : declared.get(first.key), '')
  if ('missing' in response || !isObject(response.value)) return false
  const types = family === '2.0' ? contentOf2(document, operation, response.value).map(([type]) => type) : membersOf(response.value.content).map(([type]) => type)
  return types.some(type => type.includes('*'))
}

/** A media type's key, its object, and where that stands. */
type Content = [type: string, media: JsonObject, pointer: string]

function contentOf (context: ImportContext, { value, pointer }: Found, operation: JsonObject, scope: Scope): Content[] {
  if (context.family === '2.0') return contentOf2(context.document, operation, value).map(([type, media]) => [type, media, pointer])
  return Object.entries(isObject(value.content) ? value.content : {}).map(([type, declared]) => {
    const at = child(child(pointer, 'content'), type)
    const media = scope.follow(declared, at)
    return media !== undefined && isObject(media.value) ? [type, media.value, media.pointer] : [type, {}, at]
  })
}

function variantsOf (context: ImportContext, { value, pointer }: Found, { status, standsFor }: Omit<ServedResponse, 'key'>, content: Content[], scope: Scope): Response[] {
  const description = firstLine(textAt(value, 'description') ?? textAt(value, 'summary'))
  const headers = headersOf(context, value.headers, child(pointer, 'headers'), scope)
  const links = linksOf(context, value.links, child(pointer, 'links'), scope)
  const head: Response = {
    ...description !== undefined && { description },
    status,
    ...standsFor !== undefined && { stands_for: standsFor },
    ...headers !== undefined && { headers },
    ...links !== undefined && { links }
  }
  const variants: Response[] = []
  if (BODILESS.has(status)) return [withoutTemplates(head)]
  const types = new Set<string>()
  for (const [declaredType, media, at] of content.sort(([a], [b]) => rank(a) - rank(b))) {
    const type = concreteType(declaredType, media.schema)
    if (types.has(type.toLowerCase())) continue
    types.add(type.toLowerCase())
    variants.push(...mediaVariants(context, head, media, at, type, variants.length === 0, scope))
  }
  return variants.length === 0 ? [withoutTemplates(head)] : variants
}

/** JSON first, whatever the document's order: it is what most clients want, and what is generated best. */
function rank (type: string): number {
  if (/^application\/json\b/i.test(type)) return 0
  return mediaKind(type) === 'json' || type.includes('*') ? 1 : 2
}

function mediaVariants (context: ImportContext, head: Response, media: JsonObject, pointer: string, type: string, isFirst: boolean, scope: Scope): Response[] {
  const declared: DeclaredBody = { type, schema: media.schema, itemSchema: media.itemSchema }
  const convert = () => schemaOf(context.refs, declared, (schema, key) => scope.convert(schema, child(pointer, key)))
  const examples: Array<Example | undefined> = examplesOf(context, media, (key, reason) => scope.lose(child(child(pointer, 'examples'), key), reason))
  if (examples.length === 0) examples.push(...schemaExamples(context, media.schema))
  return examples.map(example => {
    const name = example?.name ?? (isFirst ? undefined : `${head.status} ${type}`)
    const variant: Response = name === undefined ? { ...head } : { name, ...head }
    if (example?.description !== undefined) variant.description = example.description
    if (type !== 'application/json') variant.content_type = type
    return withoutTemplates(Object.assign(variant, bodyOf(context.refs, declared, example, convert)))
  })
}

/** The example of a schema: beside a `$ref`, or of what it leads to. */
function schemaExamples ({ refs }: ImportContext, schema: unknown): Array<Example | undefined> {
  const target = refs.follow(schema, '')
  for (const holder of [schema, 'value' in target ? target.value : undefined]) {
    if (!isObject(holder)) continue
    if (Object.hasOwn(holder, 'example')) return [{ value: holder.example }]
    if (Array.isArray(holder.examples) && holder.examples.length > 0) return [{ value: holder.examples[0] }]
    const others = extensionExamples(holder)
    if (others.length > 0) return others
  }
  return [undefined]
}

/** An example is sent as it is, also when it holds what a template would. */
function withoutTemplates (variant: Response): Response {
  const { headers, response, text } = variant
  return hasBraces(response) || hasBraces(text) || hasBraces(headers) ? { ...variant, template: false } : variant
}

function firstLine (text: string | undefined): string | undefined {
  const line = text?.trim().split('\n', 1)[0]?.trim()
  return line === '' ? undefined : line
}
