import { isObject, type JsonObject } from './json-object.ts'

/**
 * A document of OpenAPI 3.2 as 3.1 would have it, for validators that know no 3.2: what 3.2 adds is taken out, and what it need not
 * have is put in. Only good for judging the rest, which keeps its place.
 *
 * @param document is changed
 */
export function as31 (document: JsonObject): void {
  document.openapi = '3.1.1'
  visit(document, 'document')
}

/** What stands at a key of an object of some kind: one object, a list of them, or several by name. */
type Role = keyof typeof CHANGES
type Shape = 'one' | 'list' | 'map'

const OPERATION: Readonly<Record<string, readonly [Shape, Role]>> = {
  parameters: ['list', 'parameter'],
  requestBody: ['one', 'body'],
  responses: ['map', 'response'],
  callbacks: ['map', 'callback'],
  servers: ['list', 'server']
}

const HOLDER: Readonly<Record<string, readonly [Shape, Role]>> = { content: ['map', 'media'], examples: ['map', 'example'] }

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']

/** Where the objects of each kind are found below those of another. */
const PARTS: Readonly<Record<Role, Readonly<Record<string, readonly [Shape, Role]>>>> = {
  document: { paths: ['map', 'item'], webhooks: ['map', 'item'], components: ['one', 'components'], servers: ['list', 'server'], tags: ['list', 'tag'] },
  components: {
    parameters: ['map', 'parameter'],
    headers: ['map', 'header'],
    requestBodies: ['map', 'body'],
    responses: ['map', 'response'],
    callbacks: ['map', 'callback'],
    pathItems: ['map', 'item'],
    examples: ['map', 'example'],
    securitySchemes: ['map', 'scheme']
  },
  item: { ...Object.fromEntries(METHODS.map(method => [method, ['one', 'operation'] as const])), parameters: ['list', 'parameter'], servers: ['list', 'server'] },
  operation: OPERATION,
  parameter: HOLDER,
  header: HOLDER,
  body: HOLDER,
  response: { ...HOLDER, headers: ['map', 'header'] },
  media: { examples: ['map', 'example'], encoding: ['map', 'encoding'] },
  encoding: { headers: ['map', 'header'] },
  callback: {},
  example: {},
  scheme: {},
  server: {},
  tag: {}
}

const without = (...keys: string[]) => (value: JsonObject): void => { for (const key of keys) Reflect.deleteProperty(value, key) }

const CHANGES = {
  document: without('$self'),
  components: without('mediaTypes'),
  item: without('query', 'additionalOperations'),
  operation: () => {},
  parameter (value: JsonObject) {
    if (value.in === 'querystring') value.in = 'query'
    if (value.style === 'cookie') value.style = 'form'
  },
  header: () => {},
  body: () => {},
  response (value: JsonObject) {
    Reflect.deleteProperty(value, 'summary')
    if (value.$ref === undefined) value.description ??= ''
  },
  // A reference to one of `components.mediaTypes`.
  media: without('$ref', 'itemSchema', 'prefixEncoding', 'itemEncoding', 'description'),
  encoding: without('encoding', 'prefixEncoding', 'itemEncoding'),
  callback: () => {},
  example: without('dataValue', 'serializedValue'),
  scheme (value: JsonObject) {
    without('deprecated', 'oauth2MetadataUrl')(value)
    if (isObject(value.flows)) Reflect.deleteProperty(value.flows, 'deviceAuthorization')
  },
  server: without('name'),
  tag: without('summary', 'parent', 'kind')
} satisfies Record<string, (value: JsonObject) => void>

function visit (value: unknown, role: Role): void {
  if (!isObject(value)) return
  CHANGES[role](value)
  if (role === 'callback') return visitAll(Object.values(value), 'item')
  for (const [key, [shape, part]] of Object.entries(PARTS[role])) {
    const member = value[key]
    if (shape === 'one') visit(member, part)
    else visitAll(shape === 'map' && isObject(member) ? Object.values(member) : Array.isArray(member) ? member : [], part)
  }
}

function visitAll (values: readonly unknown[], role: Role): void {
  for (const value of values) visit(value, role)
}
