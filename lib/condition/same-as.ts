import { nearest } from '../config/nearest.ts'
import { tokens } from '../json-pointer.ts'
import { ConditionError } from './condition-error.ts'
import { distance } from './distance.ts'
import { labelOf } from './label.ts'
import { leafTest } from './leaf.ts'
import { valueAt } from './own-value.ts'
import { isNamedKey, isWholeKey, NAMED_PARTS, WHOLE_PARTS } from './parts.ts'
import { sameValue } from './same-value.ts'
import { isSecretName } from './secret.ts'
import { valuesOf } from './several.ts'
import { HIDDEN, show } from './show.ts'
import type { Subject } from './subject.ts'
import type { Setting, ValueTest } from './value-test.ts'

/** A place of the request, or of the state, that something is compared with. */
export interface OtherPlace {
  readonly label: string
  readonly isSecret: boolean
  read (subject: Subject): unknown
  isText (subject: Subject): boolean
}

const NAMES = [...Object.keys(WHOLE_PARTS), ...Object.keys(NAMED_PARTS).filter(key => key !== 'collections')]

/** Reads a JSON pointer into the request: `/params/id`, `/body/user/id`. Throws a ConditionError where there is no such part. */
export function otherPlace (wanted: string, pointer: string): OtherPlace {
  const [part = '', ...path] = tokens(wanted)
  if (isWholeKey(part)) {
    const { read, isText } = WHOLE_PARTS[part]
    const at = path.length === 0 ? '' : wanted.slice(part.length + 1)
    return { label: labelOf(part, at), isSecret: isSecretName(at), isText, read: path.length === 0 ? read : subject => valueAt(read(subject), path) }
  }
  const [name, ...rest] = path
  if (isNamedKey(part) && part !== 'collections' && name !== undefined) {
    const { reader, isText, where } = NAMED_PARTS[part]
    const read = reader(name)
    return { label: labelOf(part, path.join('/')), isSecret: where(name).isSecret || isSecretName(rest.join('/')), isText, read: rest.length === 0 ? read : subject => valueAt(read(subject), rest) }
  }
  if (isNamedKey(part) && part !== 'collections') throw new ConditionError(pointer, `${show(wanted)} names no value of ${part}`, `write /${part}/name`)
  const near = nearest(part, NAMES)
  throw new ConditionError(pointer, `${show(wanted)} leads to no part of the request`, near === undefined ? `parts: ${NAMES.join(', ')}` : `did you mean '/${[near, ...path].join('/')}'?`)
}

/** Whether a value equals another of the same request; of a parameter that comes several times, one of its values. */
export function sameAsTest (wanted: string, { pointer, isText }: Setting): ValueTest {
  const other = otherPlace(wanted, pointer)
  const candidates = (subject: Subject): readonly unknown[] => {
    const value = other.read(subject)
    return other.isText(subject) ? valuesOf(value) : value === undefined ? [] : [value]
  }
  return leafTest({
    operator: 'same_as',
    cost: 3,
    holds: (value, subject) => value !== undefined && candidates(subject).some(expected => sameValue(value, expected, isText(subject) || other.isText(subject))),
    expected: subject => candidates(subject).length === 0
      ? `the same as ${other.label}, which is missing`
      : `${other.isSecret ? HIDDEN : show(other.read(subject))} (${other.label})`,
    distance: (value, subject) => Math.min(1, ...candidates(subject).map(expected => distance(value, expected) || 0.5))
  })
}
