import type { Random } from '../random.ts'
import type { Row } from './collection.ts'
import type { MakeId } from './definition.ts'
import { wholeNumber } from './seed-rows.ts'

/** Letters that stand in addresses as they are. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const NANOID_LENGTH = 21

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i

/** The ways to make ids that have a name. */
export const ID_KINDS: Readonly<Record<'increment' | 'uuid' | 'nanoid', MakeId>> = {
  increment: ({ following }) => following,
  uuid: ({ random }) => uuid(random),
  nanoid: ({ random }) => Array.from({ length: NANOID_LENGTH }, () => ALPHABET[random.int(0, ALPHABET.length - 1)]).join('')
}

export type IdKind = keyof typeof ID_KINDS

/** The kind of ids that rows have: numbers where there are none yet, and short texts where they are neither numbers nor UUIDs. */
export function usualIds (rows: Iterable<Row>, idKey: string): IdKind {
  let kind: IdKind = 'increment'
  for (const row of rows) {
    const id = Object.hasOwn(row, idKey) ? row[idKey] : undefined
    if (id === undefined || id === null || wholeNumber(id) > 0 || id === 0) continue
    if (typeof id !== 'string' || !UUID.test(id)) return 'nanoid'
    kind = 'uuid'
  }
  return kind
}

/** Version 4 (RFC 9562, section 5.4). */
function uuid (random: Random): string {
  const digits = Array.from({ length: 32 }, (_, place) => {
    if (place === 12) return '4'
    return (place === 16 ? random.int(8, 11) : random.int(0, 15)).toString(16)
  }).join('')
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
