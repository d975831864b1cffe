import type { Field } from './form.ts'

/** More fields are refused. */
const MAX_FIELDS = 20_000

/** The fields of a urlencoded form, in their order (WHATWG URL, section 5.1, which takes whatever comes). */
export function formFields (text: string): Field[] {
  let fields = 1
  for (let at = text.indexOf('&'); at !== -1; at = text.indexOf('&', at + 1)) fields++
  if (fields > MAX_FIELDS) throw new RangeError(`it has more than ${MAX_FIELDS} fields`)
  // A question mark at the beginning would be taken for that of a URL.
  return [...new URLSearchParams(text.startsWith('?') ? `&${text}` : text)]
}

/** The fields by name, for a form of which no schema tells anything: a list where one comes several times. */
export function plainForm (fields: Iterable<Field>): Record<string, unknown> {
  const form = new Map<string, unknown>()
  for (const [name, value] of fields) {
    const now = form.get(name)
    if (now === undefined) form.set(name, value)
    else if (Array.isArray(now)) now.push(value)
    else form.set(name, [now, value])
  }
  return Object.fromEntries(form)
}
