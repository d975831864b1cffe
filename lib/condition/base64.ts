import { isUploadedFile } from '../body/uploaded-file.ts'
import { ConditionError } from './condition-error.ts'
import { leafTest } from './leaf.ts'
import { show } from './show.ts'
import type { Setting, ValueTest } from './value-test.ts'

const BASE64 = /^(?:[A-Za-z0-9+/_-]{4})*(?:[A-Za-z0-9+/_-]{2,3}={0,2})?$/

/** Whether a value has these bytes. Throws a ConditionError for what is no base64. */
export function base64Test (wanted: string, { pointer }: Setting): ValueTest {
  const text = wanted.replaceAll(/\s/g, '')
  if (!BASE64.test(text)) throw new ConditionError(pointer, `${show(wanted)} is no base64`)
  const bytes = Buffer.from(text, 'base64')
  return leafTest({
    operator: 'base64',
    cost: 3,
    holds (value) {
      if (typeof value === 'string') return Buffer.byteLength(value) === bytes.length && Buffer.from(value).equals(bytes)
      return Buffer.isBuffer(value) ? value.equals(bytes) : isUploadedFile(value) && value.data.equals(bytes)
    },
    expected: `${show(wanted)} (${bytes.length} bytes)`,
    distance: () => 0.7
  })
}
