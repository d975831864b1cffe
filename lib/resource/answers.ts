import type { FastifyError } from '@fastify/error'
import { STATUS_CODES } from 'node:http'
import { problemOf, type Rejection } from '../violation/rejection.ts'
import type { Responded } from './responder.ts'

const JSON_TYPE = 'application/json; charset=utf-8'
const NO_HEADERS: Responded['headers'] = Object.freeze({})

export function json (payload: string, status = 200, headers: Responded['headers'] = NO_HEADERS): Responded {
  return { status, headers: { 'content-type': JSON_TYPE, ...headers }, payload }
}

export const empty = (status: number, headers: Responded['headers'] = NO_HEADERS): Responded => ({ status, headers })

/** A problem document (RFC 9457) about a request that is sound, and cannot be done. */
export function problem ({ code, statusCode: status = 500, message: detail }: FastifyError, headers: Responded['headers'] = NO_HEADERS): Responded {
  return rejected({ kind: 'other', status, code, title: STATUS_CODES[status] ?? 'Error', detail, violations: [] }, headers)
}

/** What a rejection looks like where the request's mode would let it pass, and it cannot be done all the same. */
export function rejected (rejection: Rejection, headers: Responded['headers'] = NO_HEADERS): Responded {
  return { status: rejection.status, headers: { 'content-type': 'application/problem+json', ...headers }, payload: JSON.stringify(problemOf(rejection)) }
}
