import type { ValueType } from '../config-keys/condition.ts'
import { isObject } from '../schema/subschemas.ts'
import { leafTest, verdictOf } from './leaf.ts'
import { numberOf } from './scalars.ts'
import { itemsOf } from './several.ts'
import { show } from './show.ts'
import type { Setting, ValueTest } from './value-test.ts'

/** Whether there is a value. */
export function existsTest (isWanted: boolean, { values }: Setting): ValueTest {
  const items = itemsOf(values)
  const isThere = (value: unknown): boolean => values === 'one' ? value !== undefined : (items(value)?.length ?? 0) > 0
  return {
    cost: 0,
    holds: value => isThere(value) === isWanted,
    judge (value, _subject, where) {
      const there = isThere(value)
      return [verdictOf(where, {
        operator: isWanted ? 'exists' : 'absent',
        holds: there === isWanted,
        expected: '',
        actual: values === 'rows' ? 'rows' : show(value),
        isMissing: !there,
        distance: there === isWanted ? 0 : 1
      })]
    }
  }
}

const TYPES: Readonly<Record<ValueType, string>> = {
  string: 'a text', number: 'a number', integer: 'a whole number', boolean: 'true or false', null: 'null', object: 'an object', array: 'a list'
}

/** Of which type a value is; a text is a number or boolean as well where all values are texts. */
export function typeTest (type: ValueType, { isText }: Setting): ValueTest {
  return leafTest({
    operator: 'type',
    cost: 1,
    holds: (value, subject) => isOfType(value, type, isText(subject)),
    expected: TYPES[type],
    distance: () => 0.5
  })
}

function isOfType (value: unknown, type: ValueType, isText: boolean): boolean {
  switch (type) {
    case 'string': return typeof value === 'string' || Buffer.isBuffer(value)
    case 'number': return numberOf(value, isText) !== undefined
    case 'integer': return typeof value === 'bigint' || Number.isInteger(numberOf(value, isText))
    case 'boolean': return typeof value === 'boolean' || (isText && (value === 'true' || value === 'false'))
    case 'null': return value === null
    case 'array': return Array.isArray(value)
    case 'object': return isObject(value) && !Buffer.isBuffer(value)
  }
}
