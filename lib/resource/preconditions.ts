import { MOCK_ERR_PRECONDITION_FAILED, MOCK_ERR_PRECONDITION_REQUIRED } from '../errors.ts'
import type { RequestView } from '../request-view.ts'
import { empty, problem } from './answers.ts'
import type { Responded } from './responder.ts'

/** Whether a header lists the tag, or is `*`, which is any. Weak comparison takes no notice of `W/` (RFC 9110, section 8.8.3.2). */
function lists (header: string | string[], tag: string, isWeak: boolean): boolean {
  const text = String(header)
  if (text.trim() === '*') return true
  const bare = (one: string) => isWeak && one.startsWith('W/') ? one.slice(2) : one
  return text.split(',').some(one => bare(one.trim()) === bare(tag))
}

/** 304 for a read whose answer the client has already (RFC 9110, section 13.1.2). */
export function unmodified ({ headers }: RequestView, tag: string): Responded | undefined {
  const known = headers['if-none-match']
  return known !== undefined && lists(known, tag, true) ? empty(304, { etag: tag }) : undefined
}

/**
 * Why a write is not done: the row is not as the client believes it to be (412), or it does not say what it believes (428).
 *
 * @param tag that of the row; undefined where there is none
 */
export function refusedWrite ({ headers }: RequestView, tag: string | undefined, isRequired: boolean): Responded | undefined {
  const wanted = headers['if-match']
  if (wanted !== undefined && (tag === undefined || !lists(wanted, tag, false))) {
    return failed(tag === undefined ? 'there is no such row' : 'the row has changed: get it anew, and send `If-Match` with its `ETag`', tag)
  }
  const unwanted = headers['if-none-match']
  if (unwanted !== undefined && tag !== undefined && lists(unwanted, tag, true)) return failed('the row is there already', tag)
  if (isRequired && tag !== undefined && wanted === undefined) {
    return problem(new MOCK_ERR_PRECONDITION_REQUIRED())
  }
  return undefined
}

const failed = (reason: string, tag: string | undefined): Responded =>
  problem(new MOCK_ERR_PRECONDITION_FAILED(reason), tag === undefined ? {} : { etag: tag })
