import { COST } from './segment-cost.ts'
import type { Stage } from './stage.ts'
import type { Target } from './path-index.ts'
import { toldId } from './told-endpoint.ts'

/** Told for all methods that are served under the path, not for the endpoint's own alone. */
export const methodStage: Stage = {
  name: 'method',
  check (target, { method }) {
    if (acceptsMethod(target.endpoint.methods, method)) return []
    const served = servedMethods(target)
    // Another endpoint of the path may well serve the method: then it is this one that is not for it.
    const isElsewhere = acceptsMethod(served, method)
    const methods = served.length > 0 && !isElsewhere ? served : target.endpoint.methods
    const list = listWords(methods)
    const message = isElsewhere ? `it is for ${list}, not for ${method}` : `${target.endpoint.path} is ${served.length > 0 ? 'served' : 'configured'} for ${list}, not for ${method}`
    return [{ stage: 'method', expected: methods.join(', '), actual: method, message, remedy: `use ${listWords(methods, 'or')}`, cost: COST.method, isSlip: true }]
  }
}

export const enabledStage: Stage = {
  name: 'enabled',
  check: ({ endpoint }) => endpoint.enabled !== false
    ? []
    : [{ stage: 'enabled', expected: 'enabled', actual: 'disabled', message: `${toldId(endpoint)} is disabled`, remedy: 'enable it', cost: COST.disabled, isSlip: true }]
}

export const acceptsMethod = (methods: readonly string[], method: string): boolean =>
  methods.includes(method) || methods.includes('*') || (method === 'HEAD' && methods.includes('GET'))

/** What the enabled endpoints under the same path take. */
export function servedMethods ({ siblings }: Target): string[] {
  return [...new Set(siblings.filter(({ enabled }) => enabled !== false).flatMap(({ methods }) => methods))]
}

/** `GET, HEAD and PUT` */
export function listWords (words: readonly string[], last = 'and'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`
}
