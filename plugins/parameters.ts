import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Config, JsonSchema, RequestSchemas } from '../lib/config.ts'
import { parameterDecoder, parameterShape, type ParameterDecoder, type Values } from '../lib/parameters.ts'
import type { RoutePath } from '../lib/path.ts'
import { isObject } from '../lib/schema/subschemas.ts'
import { wholeQuery, type WholeQuery } from '../lib/whole-query.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** How the route's path was written in the configuration. */
    routePath?: RoutePath
  }
}

type Hook = (request: FastifyRequest, reply: FastifyReply, done: () => void) => void

/**
 * Gives parameters the names and values that the configuration speaks of: names that the router cannot hold are restored, lists
 * and objects are read from the text that OpenAPI's styles make of them, and an empty path parameter is no match.
 */
export default fp<{ schemas: Config['schemas'] }>(async (fastify, { schemas }) => {
  fastify.addHook('onRoute', route => {
    const path = route.config?.routePath
    const { params } = route.config?.endpoint?.config.schema ?? {}
    const filled = path?.lone.filter(name => !mayBeEmpty(path.aliases?.get(name) ?? name, params, schemas)) ?? []
    if (filled.length > 0) route.onRequest = [rejectEmpty(filled), ...[route.onRequest ?? []].flat()]

    const steps = [path?.aliases === undefined ? [] : rename(path.aliases), decoders(route.config?.endpoint?.config.schema, schemas)].flat()
    if (steps.length > 0) route.preValidation = [...steps, ...[route.preValidation ?? []].flat()]
  })
}, { name: 'mock-parameters', fastify: '5.x', dependencies: ['mock-exchange'] })

/** A list or an object without members is written as nothing at all. */
function mayBeEmpty (name: string, params: JsonSchema | undefined, shared: Config['schemas']): boolean {
  const property = isObject(params) && isObject(params.properties) && Object.hasOwn(params.properties, name) ? params.properties[name] : undefined
  return isObject(property) && parameterShape(property, shared ?? {}) !== undefined
}

function rejectEmpty (names: readonly string[]): Hook {
  return (request, reply, done) => {
    const params = valuesOf(request.params)
    if (names.some(name => params[name] === '')) reply.callNotFound()
    else done()
  }
}

function rename (aliases: ReadonlyMap<string, string>): Hook {
  return (request, _reply, done) => {
    const params = valuesOf(request.params)
    for (const [alias, name] of aliases) {
      params[name] = params[alias]
      delete params[alias]
    }
    done()
  }
}

function decoders (schema: RequestSchemas | undefined, shared: Config['schemas']): Hook[] {
  const whole = schema?.querystring === undefined ? undefined : wholeQuery(schema.querystring)
  const locations = (['params', 'querystring', 'headers'] as const).flatMap(location => {
    const part = location === 'querystring' && whole !== undefined ? undefined : schema?.[location]
    const decode = part === undefined ? undefined : parameterDecoder(part, location, shared)
    return decode === undefined ? [] : { location, decode }
  })
  const hooks = locations.map(({ location, decode }) => decodeHook(location, decode))
  return whole === undefined ? hooks : [...hooks, wholeHook(whole)]
}

function wholeHook (read: WholeQuery): Hook {
  return (request, _reply, done) => {
    const { url } = request
    const at = url.indexOf('?')
    request.query = read(at === -1 ? '' : url.slice(at + 1))
    done()
  }
}

function decodeHook (location: 'params' | 'querystring' | 'headers', decode: ParameterDecoder): Hook {
  return (request, _reply, done) => {
    decode(valuesOf(location === 'querystring' ? request.query : request[location]))
    done()
  }
}

/** Fastify types these as unknown; they are always plain objects. */
function valuesOf (part: unknown): Values {
  return part as Values
}
