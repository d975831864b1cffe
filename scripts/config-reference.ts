import * as config from '../lib/config.ts'
import { isObject } from '../lib/schema/subschemas.ts'

/** The objects that have a section of their own, by the heading that it has. */
const SECTIONS = {
  Config: 'The top level',
  Endpoint: 'Endpoint',
  RequestSchemas: 'Request schemas',
  BodyContent: 'Request schemas',
  Response: 'Response',
  ResourceOptions: 'Resource',
  Latency: 'Latency',
  Failure: 'Failure',
  RateLimit: 'Rate limit',
  Callback: 'Callback',
  Webhook: 'Webhook',
  Retry: 'Retry',
  Sign: 'Sign',
  DeliveryOptions: 'Deliveries',
  Link: 'Link',
  Defaults: 'Defaults',
  LogOptions: 'Log',
  ControlOptions: 'Control'
} as const

type Section = keyof typeof SECTIONS

/**
 * Fills the marks of the reference's template in: `<!-- table: Endpoint -->` by a table of the object's keys,
 * `<!-- description: … -->` by what the schema says of it, `<!-- union: … -->` by its forms.
 */
export function renderReference (template: string): string {
  return template.replaceAll(/<!-- (table|description|union): (\w+) -->/g, (_, what: string, name: string) => {
    if (!isSection(name)) throw new Error(`the template names '${name}', which the configuration does not have`)
    const schema: unknown = config[name]
    if (!isObject(schema)) throw new Error(`'${name}' is no schema`)
    if (what === 'table') return table(schema)
    return what === 'union' ? forms(schema) : String(schema.description ?? '')
  })
}

const isSection = (name: string): name is Section => Object.hasOwn(SECTIONS, name)

function table (schema: Readonly<Record<string, unknown>>): string {
  const properties = isObject(schema.properties) ? Object.entries(schema.properties) : []
  const required: unknown[] = Array.isArray(schema.required) ? schema.required : []
  const rows = properties.map(([key, property]) => {
    const { text, fallback } = split(isObject(property) ? String(property.description ?? '') : '')
    const name = `\`${key}\`${required.includes(key) ? ' (required)' : ''}`
    return [name, typeOf(property), fallback, text].map(cell).join(' | ')
  })
  return ['| Key | Type | Default | Description |', '| --- | --- | --- | --- |', ...rows.map(row => `| ${row} |`)].join('\n')
}

/** A description ends with its default, by convention. */
function split (description: string): { text: string, fallback: string } {
  const at = description.indexOf('Default: ')
  if (at === -1) return { text: description, fallback: '' }
  return { text: description.slice(0, at).trim(), fallback: description.slice(at + 'Default: '.length).replace(/\.$/, '') }
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

/** A type in few words, linked to its section where it has one. */
function typeOf (schema: unknown): string {
  if (!isObject(schema)) return 'any'
  const section = sectionOf(schema)
  if (section !== undefined) return `[${section.toLowerCase()}](#${section.toLowerCase().replaceAll(' ', '-')})`
  if (schema.$ref === '#/$defs/Behaviour') return '[behaviour](profiles.md)'
  if (typeof schema.$ref === 'string') return schema.$ref.endsWith('/When') ? '[condition](conditions.md)' : 'JSON Schema'
  if ('const' in schema) return `\`${JSON.stringify(schema.const)}\``
  if (Array.isArray(schema.anyOf)) return schema.anyOf.map(typeOf).join(' or ')
  if (schema.type === 'array') return `list of ${typeOf(schema.items)}`
  if (schema.type === 'object') return objectType(schema)
  if (typeof schema.type !== 'string') return 'any'
  const { minimum: low, maximum: high } = schema
  if (low !== undefined && high !== undefined) return `${schema.type}, ${String(low)} to ${String(high)}`
  return low === undefined ? schema.type : `${schema.type}, at least ${String(low)}`
}

function objectType (schema: Readonly<Record<string, unknown>>): string {
  if (isObject(schema.properties)) return `\`{ ${Object.keys(schema.properties).join(', ')} }\``
  const [values] = isObject(schema.patternProperties) ? Object.values(schema.patternProperties) : [schema.additionalProperties]
  return `object of ${typeOf(values)}`
}

function sectionOf (schema: Readonly<Record<string, unknown>>): string | undefined {
  for (const [name, heading] of Object.entries(SECTIONS)) {
    const own: unknown = isSection(name) ? config[name] : undefined
    if (isObject(own) && own.description !== undefined && own.description === schema.description) return heading
  }
  return undefined
}

/** The forms of a union, one line each. */
function forms (schema: Readonly<Record<string, unknown>>): string {
  const branches: unknown[] = Array.isArray(schema.anyOf) ? schema.anyOf : []
  return branches.map(branch => `- ${form(branch)}`).join('\n')
}

function form (schema: unknown): string {
  if (!isObject(schema) || !isObject(schema.properties)) return typeOf(schema)
  const required: unknown[] = Array.isArray(schema.required) ? schema.required : []
  const members = Object.entries(schema.properties).map(([key, property]) => {
    const literal = isObject(property) && 'const' in property ? `: ${String(property.const)}` : ''
    return `${key}${literal}${required.includes(key) ? '' : '?'}`
  })
  return `\`{ ${members.join(', ')} }\``
}
