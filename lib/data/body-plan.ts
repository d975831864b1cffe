import type { Endpoint, JsonSchema, Response } from '../config.ts'
import type { Generator } from '../generate/generator.ts'
import type { RequestView } from '../request-view.ts'
import type { PathPlace } from './path-place.ts'
import type { Relations } from './relations.ts'

/** What a body that is made depends on. */
export interface DataContext {
  readonly request: RequestView
  /** Another seed, which the request asks for. */
  readonly seed?: string | undefined
}

export interface MadeBody {
  readonly value: unknown
  /** Headers that come of it; undefined takes one away that is configured. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  /** Why it does not fit its schema, one line. */
  readonly problem?: string | undefined
}

/** How the bodies of one answer are made: decided once, for all requests. */
export interface BodyPlan {
  /** Whether nothing of a request matters: then none has to be looked at. */
  readonly isConstant?: boolean
  /** What of a request it depends on, as a text; undefined where such a request is better not remembered. */
  keyOf (request: RequestView): string | undefined
  make (request: RequestView, seed: number | string): MadeBody
}

/** What a plan is made from. */
export interface Planning {
  readonly endpoint: Endpoint & { readonly id: string }
  readonly method: string
  readonly place: PathPlace
  readonly answer: Response
  readonly schema: JsonSchema
  readonly generator: Generator
  readonly relations: Relations
}

/** Values of the path parameters, by name. */
export const scopeOf = ({ params }: RequestView, place: PathPlace): unknown[] => place.scope.map(({ name }) => params[name])
