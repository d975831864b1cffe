import { isDeepStrictEqual } from 'node:util'
import type { Config, Security, SecurityScheme } from '../config.ts'
import { child, tokens } from '../json-pointer.ts'
import { isObject, membersOf, objectAt, textAt, textsAt, type JsonObject } from './json-object.ts'
import type { Target } from './refs.ts'
import { createScope, type ImportContext, type Scope } from './scope.ts'

/** What a document asks of credentials. */
export interface SecurityImporter {
  /** What holds for operations that say nothing themselves; undefined when that is nothing. */
  readonly usual: Security | undefined
  /** What an operation asks for, where that is not the usual. */
  of (operation: Target, scope: Scope): Security | undefined
  /** The schemes that were named. */
  schemes (): Config['security_schemes']
}

/**
 * Imports `securitySchemes` (2.0: `securityDefinitions`) and `security`: one of the entries suffices, of an entry all schemes are asked for,
 * `{}` makes them optional, and an operation's own list replaces the document's. A scheme that is not defined is left out with a loss:
 * an entry that named it alone lets everybody in, as nobody could tell who may.
 */
export function createSecurityImporter (context: ImportContext): SecurityImporter {
  const { document } = context
  const [declared, at] = context.family === '2.0'
    ? [objectAt(document, 'securityDefinitions'), '/securityDefinitions']
    : [objectAt(objectAt(document, 'components') ?? {}, 'securitySchemes'), '/components/securitySchemes']
  const known = new Map<string, SecurityScheme | undefined>()
  const used = new Set<string>()

  /** Since 3.2 a scheme may also be named by a reference to it; a name that is one comes first. */
  const nameOf = (key: string): string =>
    key.startsWith(`#${at}/`) && !(isObject(declared) && Object.hasOwn(declared, key)) ? tokens(key.slice(1)).at(-1) ?? key : key

  function schemeOf (name: string, scope: Scope, pointer: string): SecurityScheme | undefined {
    if (!known.has(name)) {
      const target = isObject(declared) && Object.hasOwn(declared, name) ? scope.find(declared[name], child(at, name)) : undefined
      known.set(name, target !== undefined && isObject(target.value) ? readScheme(target.value) : undefined)
    }
    const scheme = known.get(name)
    if (scheme === undefined) scope.lose(pointer, `the security scheme '${name}' is not defined: what it stands for is not asked for`)
    else used.add(name)
    return scheme
  }

  function read (list: readonly unknown[], pointer: string, scope: Scope): Security {
    return list.flatMap((entry, index) => {
      if (!isObject(entry)) return []
      return [Object.fromEntries(membersOf(entry).flatMap(([key]) => {
        const name = nameOf(key)
        return schemeOf(name, scope, child(pointer, index)) === undefined ? [] : [[name, textsAt(entry, key)]]
      }))]
    })
  }

  const usualScope = createScope(context)
  const own = document.security
  const usual = Array.isArray(own) ? read(own, '/security', usualScope) : []
  return {
    usual: usual.length === 0 ? undefined : usual,
    of ({ value, pointer }, scope) {
      if (!isObject(value) || !Array.isArray(value.security)) {
        scope.include(usualScope)
        return undefined
      }
      const security = read(value.security, child(pointer, 'security'), scope)
      return isDeepStrictEqual(security, usual) ? undefined : security
    },
    schemes () {
      const schemes = [...known].flatMap(([name, scheme]): Array<[string, SecurityScheme]> => scheme !== undefined && used.has(name) ? [[name, scheme]] : [])
      return schemes.length === 0 ? undefined : Object.fromEntries(schemes)
    }
  }
}

const TYPES = ['oauth2', 'openIdConnect', 'mutualTLS'] as const

function readScheme (value: JsonObject): SecurityScheme | undefined {
  const description = textAt(value, 'description')?.trim().split('\n', 1)[0]
  const note = description === undefined ? {} : { description }
  if (value.type === 'apiKey') {
    const name = textAt(value, 'name')
    const location = LOCATIONS.find(location => location === value.in)
    return name === undefined || location === undefined ? undefined : { type: 'apiKey', in: location, name, ...note }
  }
  // OpenAPI 2.0 has a type of its own for it.
  if (value.type === 'basic') return { type: 'http', scheme: 'basic', ...note }
  if (value.type === 'http') return { type: 'http', scheme: textAt(value, 'scheme')?.toLowerCase() ?? 'bearer', ...note }
  const type = TYPES.find(type => type === value.type)
  return type === undefined ? undefined : { type, ...note }
}

const LOCATIONS = ['header', 'query', 'cookie'] as const
