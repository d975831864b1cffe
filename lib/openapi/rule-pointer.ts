import { child, tokens } from '../json-pointer.ts'
import { isObject, listAt, type JsonObject } from './json-object.ts'
import { createRefs, type Refs, type Target } from './refs.ts'

/** What OpenAPI calls the parts of a request's schemas. */
const LOCATIONS: Readonly<Record<string, string>> = { params: 'path', querystring: 'query', headers: 'header', cookies: 'cookie' }

/**
 * Finds the place in a document that a keyword of the imported configuration comes from, by how the one is made of the other; of what
 * stands nowhere as such, the nearest thing on the way.
 *
 * @param operation pointer to the operation: `/paths/~1pets/post`
 * @param rule as a violation names it: `#/schemas/Pet/required`, `schema/querystring/properties/page/type`
 * @example
 * rulePointer(document)('/paths/~1pets/post', '#/schemas/Pet/required') // '/components/schemas/Pet/required'
 */
export function rulePointer (document: JsonObject): (operation: string, rule: string) => string {
  const refs = createRefs(document)
  return (operation, rule) => {
    const [head = '', part = '', ...rest] = rule.startsWith('#/schemas/') ? ['#', ...tokens(rule.slice('#/schemas'.length))] : tokens(`/${rule}`)
    if (head === '#') {
      const home = ['/components/schemas', '/definitions'].map(at => child(at, part)).find(at => refs.find(`#${at}`) !== undefined)
      return home === undefined ? operation : nearest(refs, home, rest)
    }
    return part === 'body' ? bodyRule(refs, operation, rest) : parameterRule(refs, operation, LOCATIONS[part] ?? '', rest)
  }
}

function bodyRule (refs: Refs, operation: string, rest: readonly string[]): string {
  const [content, type = '', schema, ...below] = rest
  const isMap = content === 'content' && schema === 'schema'
  const body = `${operation}/requestBody`
  if (refs.find(`#${body}`) === undefined) {
    const at = parametersOf(refs, operation).find(({ value }) => isObject(value) && value.in === 'body')?.pointer
    return at === undefined ? operation : nearest(refs, `${at}/schema`, isMap ? below : rest)
  }
  return nearest(refs, body, ['content', isMap ? type : 'application/json', 'schema', ...isMap ? below : rest])
}

function parameterRule (refs: Refs, operation: string, location: string, rest: readonly string[]): string {
  const [keyword, name, ...below] = rest
  const parameter = keyword !== 'properties'
    ? undefined
    : parametersOf(refs, operation).find(({ value }) => isObject(value) && value.in === location && String(value.name).toLowerCase() === name?.toLowerCase())
  if (parameter === undefined) return nearest(refs, operation, ['parameters'])
  return refs.find(`#${parameter.pointer}/schema`) === undefined ? nearest(refs, parameter.pointer, below) : nearest(refs, parameter.pointer, ['schema', ...below])
}

/** The operation's own first, then those of its path. */
function parametersOf (refs: Refs, operation: string): Target[] {
  return [operation, operation.slice(0, operation.lastIndexOf('/'))].flatMap(holder => {
    const { value } = refs.find(`#${holder}`) ?? {}
    return listAt(isObject(value) ? value : {}, 'parameters').flatMap((declared, index) => {
      const target = refs.follow(declared, child(child(holder, 'parameters'), index))
      return 'missing' in target ? [] : [target]
    })
  })
}

/** As far as the way leads. */
function nearest (refs: Refs, from: string, way: readonly string[]): string {
  let at = from
  for (const token of way) {
    const target = refs.find(`#${child(at, token)}`)
    if (target === undefined) return at
    at = target.pointer
  }
  return at
}
