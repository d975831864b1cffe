import type { IncomingMessage } from 'node:http'
import type { Store } from '../store.ts'

/** What a request has of the scope that it belongs to. */
export interface RequestScope {
  readonly id: string
  readonly store: Store
  /** Whether it is over, so that nothing is remembered of it any more. */
  readonly isDisposed: boolean
}

const kScope = Symbol('mock.scope')

interface ScopedRequest extends IncomingMessage {
  [kScope]?: RequestScope
}

/** The scope that a raw request named; undefined for the root, which is no scope. */
export function scopeOf (raw: IncomingMessage): RequestScope | undefined {
  const scoped: ScopedRequest = raw
  return scoped[kScope]
}

export function setScope (raw: IncomingMessage, scope: RequestScope): void {
  const scoped: ScopedRequest = raw
  scoped[kScope] = scope
}
