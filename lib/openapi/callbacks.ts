import type { Callback } from '../config.ts'
import { child } from '../json-pointer.ts'
import { messageOf } from '../message-of.ts'
import { expressionsIn } from '../webhook/embed-expressions.ts'
import { runtimeExpression } from '../webhook/runtime-expression.ts'
import { isObject, membersOf } from './json-object.ts'
import { operationsIn, type Operation } from './operations.ts'
import { outgoingQuery, outgoingRequest } from './outgoing-request.ts'
import type { Target } from './refs.ts'
import type { ImportContext, Scope } from './scope.ts'

/**
 * The callbacks of an operation (OpenAPI 3.1, section 4.8.18): for each address and method one, in the document's order. An address
 * that makes no sense is taken down as a loss.
 */
export function callbacksOf (context: ImportContext, operation: Target, scope: Scope): Callback[] {
  if (!isObject(operation.value) || operation.value.callbacks === undefined) return []
  const names = createNames()
  const callbacks: Callback[] = []
  const at = child(operation.pointer, 'callbacks')
  for (const [name, declared] of membersOf(operation.value.callbacks)) {
    const target = scope.follow(declared, child(at, name))
    if (target === undefined) continue
    const requests = operationsIn(target.value, target.pointer, context.refs, ({ pointer, reason }) => scope.lose(pointer, reason))
    for (const request of requests) {
      const url = urlOf(context, request, scope)
      if (url !== undefined) callbacks.push({ name: names(name), url, ...outgoingRequest(context, request, scope) })
    }
  }
  return callbacks
}

/** A callback with several addresses, or methods, becomes several: `onData`, `onData_2`. */
function createNames (): (name: string) => string {
  const given = new Map<string, number>()
  return name => {
    const count = (given.get(name) ?? 0) + 1
    given.set(name, count)
    return count === 1 ? name : `${name}_${count}`
  }
}

/** The dollar is forgotten now and then: `{request.body#/url}`. */
const WITHOUT_DOLLAR = /\{((?:request|response)\.(?:header|query|path|body)[^{}]*)\}/g

function urlOf (context: ImportContext, request: Operation, scope: Scope): string | undefined {
  const address = request.path.trim().replace(WITHOUT_DOLLAR, '{$$$1}')
  const problem = problemOf(address)
  if (problem !== undefined) {
    scope.lose(request.operation.pointer, `the callback is not sent: ${problem}`)
    return undefined
  }
  const query = outgoingQuery(context, request, scope)
  return query === '' ? address : `${address}${address.includes('?') ? '&' : '?'}${query}`
}

function problemOf (address: string): string | undefined {
  try {
    for (const expression of expressionsIn(address)) runtimeExpression(expression)
  } catch (error) {
    return messageOf(error)
  }
  if (/\{(?!\$)/.test(address)) return `'${address}' has something in braces that is no runtime expression`
  return /^(?:\{\$|\$|https?:\/\/|\/)/.test(address) ? undefined : `'${address}' is no address`
}
