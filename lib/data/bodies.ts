import type { Config, Endpoint, Response } from '../config.ts'
import { methodsOf } from '../config/methods.ts'
import type { Generator } from '../generate/generator.ts'
import { createRandom, seedOf } from '../random.ts'
import { createBodyCache } from './body-cache.ts'
import type { BodyPlan, DataContext, MadeBody } from './body-plan.ts'
import { hasLink, planList } from './list-plan.ts'
import { mayPage } from './paging-parameters.ts'
import { pathPlace } from './path-place.ts'
import { createRelations, type Relations } from './relations.ts'
import { planThing } from './thing-plan.ts'

/** A body as it is sent. */
export interface GeneratedBody {
  readonly payload: string
  /** Headers that come of it; undefined takes one away that is configured. */
  readonly headers?: Readonly<Record<string, string | undefined>>
}

export type BodyMaker = (context: DataContext) => GeneratedBody

export interface Bodies {
  /**
   * Who makes the bodies of an answer from its `response_schema`. Nothing is looked at before the first body is asked for.
   *
   * @param serialise how a value becomes a text
   * @returns undefined for an example that cannot go on, whatever is asked
   */
  maker (endpoint: Endpoint & { id: string }, answer: Response, serialise: (value: unknown) => string): BodyMaker | undefined
  /** From now on endpoints are related as this configuration has them. */
  use (config: Config): void
}

/** Bodies that are kept, all endpoints together. */
const MAX_BYTES = 16 * 1024 * 1024

/**
 * Bodies from schemas: the same request gets the same body, a thing is the same wherever it is asked for, and lists hold things
 * that can be asked for by their ids (docs/generated-data.md).
 *
 * @param seed what everything depends on
 * @param onProblem told of bodies that do not fit their schema
 */
export function createBodies (generator: Generator, seed: number | string, onProblem: (endpoint: string, problem: string) => void): Bodies {
  const cache = createBodyCache<GeneratedBody>(MAX_BYTES)
  let relations: Relations = createRelations({})
  let count = 0

  function plan (endpoint: Endpoint & { id: string }, answer: Response, method: string, related: Relations): BodyPlan {
    const schema = answer.response_schema ?? true
    const status = answer.status ?? 200
    if (status < 200 || status > 299) return constantPlan(generator, endpoint.id, answer)
    const planning = { endpoint, answer, schema, generator, relations: related, method, place: pathPlace(endpoint.path) }
    const lists = planning.place.id === undefined && LISTING.has(method)
    return (lists ? planList(planning) : undefined) ?? (answer.response === undefined ? planThing(planning) : constantPlan(generator, endpoint.id, answer))
  }

  return {
    maker (endpoint, answer, serialise) {
      if (answer.response !== undefined && !hasLink(answer) && !mayPage(endpoint.schema?.querystring)) return undefined
      const number = count++
      const methods = methodsOf(endpoint)
      // A GET endpoint answers HEAD in the same way.
      const only = methods.length === 1 && methods[0] === 'GET' ? 'GET' : undefined
      let current: { plans: Map<string, BodyPlan>, relations: Relations, constant: GeneratedBody | undefined } | undefined
      return context => {
        const { seed: asked } = context
        if (current?.relations !== relations) current = { plans: new Map(), relations, constant: undefined }
        if (current.constant !== undefined && asked === undefined) return current.constant
        const { request } = context
        const method = only ?? request.method
        let its = current.plans.get(method)
        if (its === undefined) current.plans.set(method, its = plan(endpoint, answer, method === 'HEAD' ? 'GET' : method, relations))
        const own = its.keyOf(request)
        const key = own === undefined ? undefined : `${number} ${method} ${asked === undefined ? '' : JSON.stringify(asked)} ${own}`
        const known = key === undefined ? undefined : cache.get(key)
        if (known !== undefined) return known
        const { value, headers, problem } = its.make(request, asked ?? seed)
        if (problem !== undefined) onProblem(endpoint.id, problem)
        const body: GeneratedBody = { payload: serialise(value), ...headers !== undefined && { headers } }
        if (its.isConstant === true && only !== undefined && asked === undefined) current.constant = body
        else if (key !== undefined) cache.set(key, body)
        return body
      }
    },
    use (config) {
      relations = createRelations(config)
      cache.clear()
    }
  }
}

/** Methods that ask for a list; others make something, or change it. */
const LISTING = new Set(['GET', 'QUERY', 'HEAD'])

/** An answer that is the same for all requests: an error, or an example that is no list. */
function constantPlan (generator: Generator, endpoint: string, { response, response_schema: schema = true }: Response): BodyPlan {
  return {
    isConstant: true,
    keyOf: () => '',
    make: (_request, seed): MadeBody => response !== undefined ? { value: response } : generator.generate(schema, createRandom(seedOf(seed, endpoint)))
  }
}
