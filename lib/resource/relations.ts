import type { ResourceOptions } from '../config.ts'
import { singular } from '../generate/words.ts'

/** How rows of one collection lead to rows of another. */
export interface Relation {
  readonly name: string
  readonly collection: string
  /** The property that holds the id: of the children for `has_many`, of the row itself for `belongs_to`. */
  readonly key: string
}

export interface HasMany extends Relation {
  readonly onDelete: 'keep' | 'cascade' | 'nullify' | 'restrict'
}

export const DEFAULT_SUFFIX = 'Id'

/** `posts` and `Id` give `postId`. */
export const foreignKey = (collection: string, suffix: string = DEFAULT_SUFFIX): string => `${singular(collection)}${suffix}`

/** The collections that things called so may be in, the likeliest first. */
export function pluralsOf (name: string): string[] {
  const plural = /[^aeiou]y$/.test(name) ? `${name.slice(0, -1)}ies` : /(?:s|x|ch|sh)$/.test(name) ? `${name}es` : `${name}s`
  return [plural, name]
}

export function hasManyOf (collection: string, { has_many: written = [], foreign_key_suffix: suffix }: ResourceOptions): HasMany[] {
  return Object.entries<Declared>(byName(written)).map(([name, relation]) => ({
    name,
    collection: relation.collection ?? name,
    key: relation.key ?? foreignKey(collection, suffix),
    onDelete: relation.on_delete ?? 'keep'
  }))
}

export function belongsToOf ({ belongs_to: written = [], foreign_key_suffix: suffix = DEFAULT_SUFFIX }: ResourceOptions): Relation[] {
  return Object.entries<Declared>(byName(written)).map(([name, relation]) => ({
    name,
    collection: relation.collection ?? pluralsOf(name)[0] ?? name,
    key: relation.key ?? `${name}${suffix}`
  }))
}

type Declared = Exclude<NonNullable<ResourceOptions['has_many']>, string[]>[string]

const byName = (written: readonly string[] | Readonly<Record<string, Declared>>): Readonly<Record<string, Declared>> =>
  isList(written) ? Object.fromEntries(written.map(name => [name, {}])) : written

const isList = (written: readonly string[] | object): written is readonly string[] => Array.isArray(written)
