import { child } from '../json-pointer.ts'
import { isObject, type JsonObject } from './json-object.ts'

/** A place in a document that names another one. */
export interface FoundReference {
  /** `ref`: a `$ref`; `mapping`: a value of a discriminator's mapping; `value`: an Example Object's `externalValue`. */
  kind: 'ref' | 'mapping' | 'value'
  ref: string
  /** Base URI that the reference is relative to: the file's, or that of an enclosing `$id`. */
  base: string
  holder: JsonObject
  key: string
  pointer: () => string
}

export interface Visitor {
  onReference (reference: FoundReference): void
  /** A schema with a URI of its own, from here on down the base. */
  onIdentifier? (uri: string, pointer: string): void
  /** `$anchor` or `$dynamicAnchor`, in the resource of that base. */
  onAnchor? (name: string, base: string, pointer: string): void
}

/** Keys whose members are named by the document's author, so that `example` or `default` among them are no keywords. */
const MAPS = new Set([
  'paths', 'webhooks', 'properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas', 'schemas', 'responses',
  'parameters', 'requestBodies', 'headers', 'securitySchemes', 'links', 'callbacks', 'pathItems', 'content', 'mediaTypes',
  'additionalOperations', 'examples'
])

/** Keys that hold data, in which a `$ref` is just a member. */
const DATA = new Set(['example', 'default', 'enum', 'const', 'value', 'dataValue', 'x-example', 'x-examples'])

/**
 * Visits all references of a document, of whatever version, except those inside data (examples, defaults, enums). Objects that
 * stand in several places (YAML aliases) are visited once.
 */
export function walkReferences (root: unknown, base: string, visitor: Visitor): void {
  const seen = new Set<object>()
  const path: string[] = []
  const pointerTo = (tokens: readonly string[]): string => tokens.reduce(child, '')

  function visit (value: unknown, uri: string, isMap: boolean): void {
    if (typeof value !== 'object' || value === null || seen.has(value)) return
    seen.add(value)
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) within(String(index), () => visit(item, uri, false))
      return
    }
    if (!isObject(value)) return
    const own = isMap ? uri : identify(value, uri)
    for (const key of Object.keys(value)) {
      const member = value[key]
      if (typeof member === 'string') {
        if (key === '$ref' || (!isMap && key === '$dynamicRef')) report('ref', value, key, member, own)
        else if (key === 'externalValue' && !isMap) report('value', value, key, member, own)
      } else if (typeof member === 'object' && member !== null) {
        within(key, () => descend(key, member, own, isMap))
      }
    }
  }

  function descend (key: string, member: object, uri: string, isMap: boolean): void {
    if (isMap) visit(member, uri, false)
    else if (key === 'examples') visitExamples(member, uri)
    else if (key === 'discriminator') visitDiscriminator(member, uri)
    else if (!DATA.has(key)) visit(member, uri, MAPS.has(key) && !Array.isArray(member))
  }

  /** Of examples only the references to whole Example Objects count; lists of them are values. */
  function visitExamples (examples: object, uri: string): void {
    if (!isObject(examples)) return
    for (const [name, example] of Object.entries(examples)) {
      if (!isObject(example)) continue
      for (const key of ['$ref', 'externalValue']) {
        const ref = example[key]
        if (typeof ref === 'string') within(name, () => report(key === '$ref' ? 'ref' : 'value', example, key, ref, uri))
      }
    }
  }

  function visitDiscriminator (discriminator: object, uri: string): void {
    const mapping = isObject(discriminator) ? discriminator.mapping : undefined
    if (!isObject(mapping)) return
    within('mapping', () => {
      for (const [name, ref] of Object.entries(mapping)) if (typeof ref === 'string') report('mapping', mapping, name, ref, uri)
    })
  }

  function identify (schema: JsonObject, uri: string): string {
    let own = uri
    if (typeof schema.$id === 'string' && URL.canParse(schema.$id, uri)) {
      own = new URL(schema.$id, uri).href.replace(/#$/, '')
      visitor.onIdentifier?.(own, pointerTo(path))
    }
    for (const anchor of [schema.$anchor, schema.$dynamicAnchor]) if (typeof anchor === 'string') visitor.onAnchor?.(anchor, own, pointerTo(path))
    return own
  }

  function report (kind: FoundReference['kind'], holder: JsonObject, key: string, ref: string, uri: string): void {
    const at = [...path, key]
    visitor.onReference({ kind, ref, base: uri, holder, key, pointer: () => pointerTo(at) })
  }

  function within (token: string, work: () => void): void {
    path.push(token)
    work()
    path.pop()
  }

  visit(root, base, false)
}
