import { isDeepStrictEqual } from 'node:util'
import { isObject } from '../schema/subschemas.ts'
import { align, type Alignment } from './align.ts'

/** What replaces a stretch of text. */
export interface Splice {
  start: number
  end: number
  text: string
}

/** A value as it stands in a text. What is below it is looked at only where something changes. */
export interface Outline {
  readonly value: unknown
  /** The splice that puts another value in its place. */
  replace (value: unknown): Splice
  /** Undefined for scalars, and for what can only be replaced as a whole (a YAML alias). */
  collection (): Collection | undefined
}

/** The members of an object or a list. */
export interface Collection {
  readonly items: readonly Item[]
  /** Between items: a comma in JSON and in YAML's flow style, nothing in its block style. */
  readonly separator: ',' | ''
  /** Whether the last item has a separator as well. */
  readonly trailing: boolean
  /** A new item, without separator and without what stands around it. */
  render (value: unknown, key: string | undefined): string
  /** The line break and indentation before an item, or a space. */
  readonly lead: string
}

export interface Item {
  /** Undefined in a list, and for what is no member (a merge key). */
  readonly key: string | undefined
  /** Undefined for what cannot be edited by itself. */
  outline (): Outline | undefined
  /** From its key, or its dash, to the end of its value. */
  readonly start: number
  readonly end: number
  /** Where its own comment lines begin, behind the line break before them; `start` when it shares its line with what is before. */
  readonly begin: number
  /** Behind its separator and the comment on its line. */
  readonly cut: number
  /** Of its separator. */
  readonly comma: number | undefined
}

/** Whether a value as it is written (`${PORT}`) stands for the value wanted, so that it need not be touched. */
export type Same = (written: unknown, wanted: unknown, path: readonly string[]) => boolean

/** The smallest changes to a text that give it another value. */
export function spliceValue (outline: Outline, wanted: unknown, same: Same, path: readonly string[] = []): Splice[] {
  if (isDeepStrictEqual(outline.value, wanted) || same(outline.value, wanted, path)) return []
  const collection = outline.collection()
  const steps = collection === undefined ? [] : stepsOf(collection, outline.value, wanted)
  // Where nothing is kept there is nothing to be careful with.
  return collection === undefined || !steps.some(isKept) ? [outline.replace(wanted)] : spliceItems(collection, steps, same, path)
}

function stepsOf (collection: Collection, value: unknown, wanted: unknown): Step[] {
  if (Array.isArray(value) && Array.isArray(wanted)) return align(value, wanted).map(step => resolved(step, wanted))
  return isObject(value) && isObject(wanted) ? memberSteps(collection, value, wanted) : []
}

const isKept = (step: Step): boolean => step.from !== undefined && step.wanted !== undefined

/** What happens to the items, in order: kept with this value, removed, or added. */
type Step = { from: number, wanted: { value: unknown } | 'as it is' | undefined } | { from: undefined, key: string | undefined, value: unknown }

function resolved ({ from, to }: Alignment, wanted: readonly unknown[]): Step {
  const value = to === undefined ? undefined : wanted[to]
  if (from === undefined) return { from, key: undefined, value }
  return { from, wanted: to === undefined ? undefined : { value } }
}

/** Members keep their order; a new one follows the one that it follows in what is wanted. */
function memberSteps ({ items }: Collection, value: Readonly<Record<string, unknown>>, wanted: Readonly<Record<string, unknown>>): Step[] {
  const own = new Map(items.flatMap(({ key }, from) => key === undefined ? [] : [[key, from]]))
  const following = new Map<number, Step[]>()
  let previous = -1
  for (const [key, next] of Object.entries(wanted)) {
    const from = own.get(key)
    if (from !== undefined) previous = from
    // What a merge key gives already need not be written.
    else if (!(Object.hasOwn(value, key) && isDeepStrictEqual(value[key], next))) following.set(previous, [...following.get(previous) ?? [], { from: undefined, key, value: next }])
  }
  const kept = items.map(({ key }, from): Step => ({
    from,
    wanted: key === undefined ? 'as it is' : Object.hasOwn(wanted, key) ? { value: wanted[key] } : undefined
  }))
  return [...following.get(-1) ?? [], ...kept.flatMap((step, from) => [step, ...following.get(from) ?? []])]
}

function spliceItems (collection: Collection, steps: readonly Step[], same: Same, path: readonly string[]): Splice[] {
  const { items, separator, trailing, lead } = collection
  const splices: Splice[] = []
  const lastKept = steps.findLastIndex(step => step.from === undefined || step.wanted !== undefined)
  const first = items[0]!
  const inline = first.begin === first.start
  let previous: Item | undefined
  for (const [index, step] of steps.entries()) {
    const needsComma = separator !== '' && (index !== lastKept || trailing)
    if (step.from === undefined) {
      const text = collection.render(step.value, step.key)
      const comma = needsComma ? separator : ''
      if (previous === undefined && inline) splices.push({ start: first.start, end: first.start, text: `${text}${comma}${lead}` })
      else {
        const at = previous?.cut ?? first.begin - lineBreak(lead)
        splices.push({ start: at, end: at, text: `${lead}${text}${comma}` })
      }
      continue
    }
    const item = items[step.from]!
    if (step.wanted === undefined) {
      splices.push(removal(item, previous, items[step.from + 1], lead))
    } else {
      const token = item.key ?? String(step.from)
      const outline = step.wanted === 'as it is' ? undefined : item.outline()
      if (outline !== undefined && step.wanted !== 'as it is') splices.push(...spliceValue(outline, step.wanted.value, same, [...path, token]))
      if (needsComma && item.comma === undefined) splices.push({ start: item.end, end: item.end, text: separator })
      if (!needsComma && item.comma !== undefined) splices.push({ start: item.comma, end: item.comma + 1, text: '' })
    }
    previous = item
  }
  return splices
}

/** An item on lines of its own goes with them and with its comments; another with the space before or behind it. */
function removal (item: Item, previous: Item | undefined, next: Item | undefined, lead: string): Splice {
  if (item.begin !== item.start) return { start: item.begin - lineBreak(lead), end: item.cut, text: '' }
  if (previous !== undefined) return { start: previous.cut, end: item.cut, text: '' }
  // The next moves up to where this one was, unless it has comments above, which must stay above it.
  const movesUp = next !== undefined && next.start - next.begin <= lead.length - lineBreak(lead)
  return { start: item.start, end: movesUp ? next.start : item.cut, text: '' }
}

/** Length of the line break that it begins with. */
const lineBreak = (lead: string): number => /^\r?\n/.exec(lead)?.[0].length ?? 0

/** The text with all splices applied; undefined when two of them are about the same characters. */
export function applySplices (text: string, splices: readonly Splice[]): string | undefined {
  const sorted = splices.map((splice, index) => ({ ...splice, index })).sort((a, b) => a.start - b.start || a.end - b.end || a.index - b.index)
  let result = ''
  let at = 0
  for (const splice of sorted) {
    const { start, end } = withBlankLine(text, splice)
    // One character may be shared: the line break of a blank line that two removals would take along.
    if (splice.start < at - 1) return undefined
    result += text.slice(at, Math.max(start, at)) + splice.text
    at = Math.max(end, at)
  }
  return result + text.slice(at)
}

/** Lines that go take one of the blank lines around them along, so that no gap is left. */
function withBlankLine (text: string, { start, end, text: replacement }: Splice): { start: number, end: number } {
  if (replacement !== '' || text[start] !== '\n' || text[end] !== '\n') return { start, end }
  if (text[start - 1] === '\n') return { start: start - 1, end }
  return text[end + 1] === '\n' ? { start, end: end + 1 } : { start, end }
}

/**
 * Where the comment lines directly above an item begin: behind the line break before them. The item's own start when something
 * other than space is before it on its line.
 */
export function beginOf (text: string, start: number, limit: number, isComment: (line: string) => boolean): number {
  // Not further back than the item before: a whole file may be one line.
  const between = text.slice(limit, start)
  const lineBreak = between.lastIndexOf('\n')
  if ((lineBreak === -1 && limit > 0) || between.slice(lineBreak + 1).trim() !== '') return start
  let begin = limit + lineBreak + 1
  while (begin > limit) {
    const above = text.lastIndexOf('\n', begin - 2) + 1
    if (above <= limit || !isComment(text.slice(above, begin).trim())) break
    begin = above
  }
  return begin
}
