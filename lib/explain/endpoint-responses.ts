import { chooseOptions } from '../choose-mode.ts'
import type { Subject } from '../condition/subject.ts'
import type { Verdict } from '../condition/verdict.ts'
import type { CompiledEndpoint } from '../endpoint.ts'
import type { Variant } from '../variant.ts'
import type { ExplainableResponse } from './response-stage.ts'

/** The answers of an endpoint, as far as they can be asked what they want; undefined where none of them wants anything. */
export function endpointResponses ({ id, variants, chooser, config }: CompiledEndpoint): ExplainableResponse[] | undefined {
  const { end, then } = chooseOptions(config.choose)
  const mayEnd = end === 'once' || then !== undefined
  if (!mayEnd && variants.every(asksForNothing)) return undefined
  return variants.map(variant => ({
    number: variant.place + 1,
    ...variant.name !== undefined && { name: variant.name },
    status: variant.answer.status,
    judge: subject => [...chooser.judge(variant, subject, id), ...exampleVerdict(variant, subject)]
  }))
}

const asksForNothing = ({ when, gates, times, isFor, place }: Variant): boolean =>
  when === undefined && times === undefined && gates?.some(({ from }) => from !== undefined) !== true && (isFor === undefined || place === 0)

/** The first is given to others as well, where nothing else is. */
function exampleVerdict ({ isFor, place }: Variant, { request }: Subject): Verdict[] {
  if (isFor === undefined || place === 0) return []
  const holds = isFor(request)
  const message = holds ? '' : 'the request is not the one that the answer is an example for (for_request)'
  return [{ holds, part: 'for_request', operator: 'equals', expected: 'the request of the example', actual: holds ? 'that request' : 'another request', message, distance: holds ? 0 : 0.5 }]
}
