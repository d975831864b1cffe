import type { Config, Response } from '../config.ts'
import { faultOptions } from '../fault/fault-options.ts'
import { failureOptions } from '../failure/failure-options.ts'
import { counterKey } from './counter-key.ts'
import type { CounterKey } from './counters.ts'
import { textOf } from './occurrence.ts'

/**
 * Which counters go on under another configuration: those of failures and faults that it has as well. Those of overlays, which are no
 * part of it, go on too.
 */
export function keptCounters ({ endpoints = [] }: Config): (key: CounterKey) => boolean {
  let byId: Map<string, typeof endpoints[number]> | undefined
  return ({ source, isOverlay, key, kind, text }) => {
    if (isOverlay) return true
    byId ??= new Map(endpoints.map(endpoint => [endpoint.id ?? '', endpoint]))
    const endpoint = byId.get(source)
    if (endpoint === undefined) return false
    return (endpoint.responses ?? [endpoint]).some((answer: Response, place) => {
      const options = kind === 'failure' ? failureOptions(answer, endpoint) : faultOptions(answer, endpoint)
      return options !== undefined && counterKey(kind, options.isOwn ? place : undefined) === key && textOf(options.occurrence) === text
    })
  }
}
