import type { Ignored } from '../config-keys/condition.ts'
import { tokens } from '../json-pointer.ts'

/** What a comparison overlooks. */
export interface Ignoring {
  readonly isLax: boolean
  readonly case: boolean
  readonly whitespace: boolean
  readonly order: boolean
  readonly extra_members: boolean
  readonly types: boolean
  readonly places: readonly IgnoredPlaces[]
}

/** Places that are not looked at, as a tree; `*` is any name or index. */
export interface IgnoredPlaces {
  isEnd: boolean
  readonly children: Map<string, IgnoredPlaces>
}

export const NOTHING: Ignoring = { isLax: false, case: false, whitespace: false, order: false, extra_members: false, types: false, places: [] }

export function compileIgnore (ignored: readonly Ignored[] | undefined): Ignoring {
  if (ignored === undefined) return NOTHING
  const root: IgnoredPlaces = { isEnd: false, children: new Map() }
  for (const rule of ignored) if (rule.startsWith('/')) addPlace(root, tokens(rule))
  const has = (rule: Ignored): boolean => ignored.includes(rule)
  return {
    isLax: true,
    case: has('case'),
    whitespace: has('whitespace'),
    order: has('order'),
    extra_members: has('extra_members'),
    types: has('types'),
    places: root.children.size === 0 ? [] : [root]
  }
}

function addPlace (root: IgnoredPlaces, path: readonly string[]): void {
  let place = root
  for (const token of path) {
    let next = place.children.get(token)
    if (next === undefined) place.children.set(token, next = { isEnd: false, children: new Map() })
    place = next
  }
  place.isEnd = true
}

/** The places below a member; undefined where the member itself is not looked at. */
export function below (places: readonly IgnoredPlaces[], token: string | number): readonly IgnoredPlaces[] | undefined {
  if (places.length === 0) return places
  const next: IgnoredPlaces[] = []
  for (const { children } of places) {
    for (const key of [String(token), '*']) {
      const place = children.get(key)
      if (place?.isEnd === true) return undefined
      if (place !== undefined) next.push(place)
    }
  }
  return next
}

/** A text without what is overlooked in it. */
export function plain (text: string, ignoring: Ignoring): string {
  const spaced = ignoring.whitespace ? text.trim().replaceAll(/\s+/g, ' ') : text
  return ignoring.case ? spaced.toLowerCase() : spaced
}
