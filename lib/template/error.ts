import { isRowConflict, isRowInvalid } from '../collection/row-errors.ts'
import { MOCK_ERR_TEMPLATE, MOCK_ERR_TEMPLATE_RENDER } from '../errors.ts'
import { messageOf } from '../message-of.ts'
import type { Position } from './ast.ts'

/** Where something stands: the JSON pointer of the string within the value, and the place within that string. */
export interface Place {
  readonly pointer: string
  /** From 1; absent when the whole string is meant. */
  readonly line?: number
  /** From 1. */
  readonly column?: number
}

/** What is wrong, without the place. */
export interface Fault {
  readonly message: string
  /** The remedy. */
  readonly hint?: string
  readonly cause?: unknown
}

/** A template that cannot be compiled. `detail` and `hint` are the message without its place, for a diagnostic. */
export class TemplateError extends MOCK_ERR_TEMPLATE {
  readonly pointer: string
  readonly line: number | undefined
  readonly column: number | undefined
  readonly detail: string
  readonly hint: string | undefined

  constructor (fault: Fault, place: Place) {
    super(describe(fault, place), { cause: fault.cause })
    this.pointer = place.pointer
    this.line = place.line
    this.column = place.column
    this.detail = fault.message
    this.hint = fault.hint
  }
}

/** A template that failed while it was rendered. Its status is that of what went wrong, where that is a request's mistake: 409 for a row whose id is taken. */
export class TemplateRenderError extends MOCK_ERR_TEMPLATE_RENDER {
  readonly pointer: string
  readonly line: number | undefined
  readonly column: number | undefined
  readonly detail: string
  readonly hint: string | undefined

  constructor (fault: Fault, place: Place) {
    super(describe(fault, place), { cause: fault.cause })
    this.pointer = place.pointer
    this.line = place.line
    this.column = place.column
    this.detail = fault.message
    this.hint = fault.hint
    const { cause } = fault
    if (isRowConflict(cause) || isRowInvalid(cause)) Object.assign(this, { statusCode: cause.statusCode })
  }
}

/** Thrown by helpers: a fault that does not know its place; the engine adds it. */
export class HelperFault extends Error {
  readonly hint: string | undefined

  constructor (message: string, hint?: string) {
    super(message)
    this.name = 'HelperFault'
    this.hint = hint
  }
}

/** What was thrown, as a fault. */
export function faultOf (error: unknown, prefix = ''): Fault {
  if (error instanceof HelperFault) return { message: prefix + error.message, hint: error.hint, cause: error }
  return { message: prefix + messageOf(error), cause: error }
}

export function placeOf (pointer: string, position: Position): Place {
  return { pointer, line: position.line, column: position.column + 1 }
}

function describe (fault: Fault, place: Place): string {
  const pointer = place.pointer === '' ? '' : `${place.pointer}: `
  const position = place.line === undefined ? '' : ` (line ${place.line}, column ${place.column ?? 1})`
  return `${pointer}${fault.message}${position}${fault.hint === undefined ? '' : `; ${fault.hint}`}`
}
