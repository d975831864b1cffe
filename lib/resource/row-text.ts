import { createHash } from 'node:crypto'
import type { Row } from '../collection/collection.ts'
import { stringifyJson } from '../stringify-json.ts'

interface Written {
  readonly text: string
  tag: string | undefined
}

/** Rows never change, so what is made of one is good for as long as it is there. */
const known = new WeakMap<Row, Written>()

function written (row: Row): Written {
  let found = known.get(row)
  if (found === undefined) known.set(row, found = { text: stringifyJson(row) ?? 'null', tag: undefined })
  return found
}

/** A row as JSON; made once for each. */
export const rowText = (row: Row): string => written(row).text

/**
 * A strong entity tag (RFC 9110, section 8.8.3): two versions of a row with the same content have the same tag, also after a restart,
 * while version numbers begin anew.
 */
export function rowTag (row: Row): string {
  const found = written(row)
  found.tag ??= tagOf(found.text)
  return found.tag
}

export const tagOf = (text: string): string => `"${createHash('sha1').update(text).digest('base64url')}"`

/** A list of rows as JSON. */
export function listText (rows: readonly Row[]): string {
  if (rows.length === 0) return '[]'
  let text = '['
  for (let i = 0; i < rows.length; i++) text += i === 0 ? rowText(rows[i]!) : `,${rowText(rows[i]!)}`
  return `${text}]`
}
