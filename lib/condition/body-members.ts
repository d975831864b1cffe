import { xmlReader } from '../body/xml.ts'
import { xmlValue } from '../body/xml-value.ts'
import { isXmlType } from '../media/media-type.ts'
import type { RequestView } from '../request-view.ts'
import { SchemaView } from '../schema/schema-view.ts'
import { valueAt } from './own-value.ts'
import { textOf } from './scalars.ts'
import { show } from './show.ts'
import type { Subject } from './subject.ts'
import type { Verdict } from './verdict.ts'

/** What is at a pointer into the body. XML that no schema speaks of is read by the names of its elements and attributes. */
export function memberOfBody (path: readonly string[]): (body: unknown, subject: Subject) => unknown {
  return (body, subject) => valueAt(isUnread(body) ? xmlOf(body, subject) : body, path)
}

const isUnread = (body: unknown): body is string | Buffer => typeof body === 'string' || Buffer.isBuffer(body)

const contentType = ({ request: { headers } }: Subject): string => String(headers['content-type'] ?? '')

const read = new WeakMap<RequestView, { value: unknown }>()
const OPEN = new SchemaView([], {})

function xmlOf (body: string | Buffer, subject: Subject): unknown {
  if (!isXmlType(contentType(subject))) return undefined
  let known = read.get(subject.request)
  if (known === undefined) read.set(subject.request, known = { value: parse(textOf(body, true) ?? '') })
  return known.value
}

function parse (text: string): unknown {
  try {
    return xmlValue(xmlReader()(text), OPEN)
  } catch {
    // What is no XML has no members.
    return undefined
  }
}

/** Who misses a member of a body that was never taken apart should know why. */
export function explainUnread (verdicts: Verdict[], body: unknown, subject: Subject): Verdict[] {
  if (!isUnread(body) || isXmlType(contentType(subject))) return verdicts
  const type = contentType(subject)
  const why = type === '' ? 'has no content-type' : `came as ${show(type)}`
  return verdicts.map(verdict => verdict.holds ? verdict : { ...verdict, message: `${verdict.message}; the request ${why}, so that its body is not taken apart` })
}
