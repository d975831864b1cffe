import type { FastifyError } from '@fastify/error'
import { MOCK_ERR_ROW_CONFLICT, MOCK_ERR_ROW_INVALID } from '../errors.ts'
import { violationText, type Violation } from '../violation/violation.ts'

/** MOCK_ERR_ROW_INVALID with all that is wrong; none where it is the id that cannot be one. */
export interface RowInvalidError extends FastifyError {
  readonly violations: readonly Violation[]
}

/** MOCK_ERR_ROW_CONFLICT with the properties whose value is taken. */
export interface RowConflictError extends FastifyError {
  readonly properties: readonly string[]
}

const TOLD = 3

export function rowInvalid (name: string, violations: readonly Violation[], text = textOf(violations)): RowInvalidError {
  return Object.assign(new MOCK_ERR_ROW_INVALID(name, text), { violations })
}

export function rowConflict (message: string, properties: readonly string[]): RowConflictError {
  return Object.assign(new MOCK_ERR_ROW_CONFLICT(message), { properties })
}

export const isRowInvalid = (error: unknown): error is RowInvalidError => error instanceof MOCK_ERR_ROW_INVALID && 'violations' in error

export const isRowConflict = (error: unknown): error is RowConflictError => error instanceof MOCK_ERR_ROW_CONFLICT && 'properties' in error

function textOf (violations: readonly Violation[]): string {
  const told = violations.slice(0, TOLD).map(violation => violationText(violation).replace(/^body/, '').replace(/^\s*$/, 'the row'))
  return [...told, ...violations.length > TOLD ? [`${violations.length - TOLD} more`] : []].join('; ').trim()
}
