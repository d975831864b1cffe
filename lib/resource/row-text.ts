import { createHash } from 'node:crypto'
import type { Row } from '../collection/collection.ts'
import { stringifyJson } from '../stringify-json.ts'

// Rows never change, so what is made of one is good for as long as it is there.
const texts = new WeakMap<Row, string>()
const tags = new WeakMap<Row, string>()

/** A row as JSON; made once for each. */
export function rowText (row: Row): string {
  let text = texts.get(row)
  if (text === undefined) texts.set(row, text = stringifyJson(row) ?? 'null')
  return text
}

/**
 * A strong entity tag (RFC 9110, section 8.8.3): two versions of a row with the same content have the same tag, also after a restart,
 * while version numbers begin anew.
 */
export function rowTag (row: Row): string {
  let tag = tags.get(row)
  if (tag === undefined) tags.set(row, tag = tagOf(rowText(row)))
  return tag
}

export const tagOf = (text: string): string => `"${createHash('sha1').update(text).digest('base64url')}"`

/** A list of rows as JSON. */
export function listText (rows: readonly Row[]): string {
  if (rows.length === 0) return '[]'
  let text = '['
  for (let i = 0; i < rows.length; i++) text += i === 0 ? rowText(rows[i]!) : `,${rowText(rows[i]!)}`
  return `${text}]`
}
