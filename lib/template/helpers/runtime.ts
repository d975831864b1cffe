import { ExpressionError, runtimeExpression, type ResponseView, type RuntimeExpression } from '../../webhook/runtime-expression.ts'
import { HelperFault } from '../error.ts'
import type { HelperTable } from '../helper.ts'
import { own } from '../own.ts'
import { toText } from '../to-text.ts'
import { text } from './argument.ts'

const compiled = new Map<string, RuntimeExpression>()
const MAX_COMPILED = 1_000

function expressionOf (source: string): RuntimeExpression {
  let expression = compiled.get(source)
  if (expression === undefined) {
    try {
      expression = runtimeExpression(source)
    } catch (error) {
      throw error instanceof ExpressionError ? new HelperFault(error.message) : error
    }
    if (compiled.size >= MAX_COMPILED) compiled.clear()
    compiled.set(source, expression)
  }
  return expression
}

/** How a value is written in a URL: a part of a path may have slashes and a port, a value in a query nothing of the kind. */
const ENCODINGS: Readonly<Record<string, (value: string) => string>> = {
  path: value => encodeURI(value).replace(/[?#]/g, encodeURIComponent),
  query: encodeURIComponent
}

/** The seam: what the sender of callbacks put there. */
function responseOf (variables: Readonly<Record<string, unknown>> | undefined): ResponseView | undefined {
  return own(variables, 'response') as ResponseView | undefined
}

/** `runtime '$request.body#/id'`: OpenAPI's runtime expressions; in webhooks and callbacks `{$request.body#/id}` is short for it. */
export const runtimeHelpers: HelperTable = {
  runtime: {
    check: ([expression]) => { if (expression !== undefined) expressionOf(text(expression.value)) },
    run ([expression], { as }, { request, variables }) {
      const value = expressionOf(text(expression))({ request, response: responseOf(variables) })
      const encode = typeof as === 'string' ? ENCODINGS[as] : undefined
      return encode === undefined ? value : encode(toText(value))
    }
  }
}
