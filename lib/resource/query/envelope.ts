import type { ResourceOptions } from '../../config.ts'
import { stringifyJson } from '../../stringify-json.ts'
import type { PageAsked } from './page.ts'
import type { Links } from './links.ts'
import type { Paged } from './paged.ts'
import type { Dialect } from './parameter-names.ts'

export type EnvelopeNames = Exclude<NonNullable<ResourceOptions['envelope']>, boolean>

const JSON_SERVER_V1: EnvelopeNames = { first: 'first', prev: 'prev', next: 'next', last: 'last', pages: 'pages', total: 'items', data: 'data' }
const DATA_AND_TOTAL: EnvelopeNames = { data: 'data', total: 'total' }
const CURSOR: EnvelopeNames = { data: 'data', next_cursor: 'next_cursor', has_more: 'has_more' }

/** What lists are wrapped in: as configured, else as the dialect has it. */
export function envelopeFor (configured: ResourceOptions['envelope'], dialect: Dialect): (asked: PageAsked) => EnvelopeNames | undefined {
  if (configured === true) return () => DATA_AND_TOTAL
  if (configured === false) return () => undefined
  if (configured !== undefined) return () => configured
  if (dialect === 'cursor') return () => CURSOR
  return asked => asked.kind === 'page' && asked.isEnveloped ? JSON_SERVER_V1 : undefined
}

/**
 * Writes an envelope around rows that are written already.
 *
 * @param list the rows as JSON
 */
export function enveloped (names: EnvelopeNames, list: string, page: Paged, links: Links): string {
  const { total, offset, size, page: number, pages, nextCursor, rows } = page
  const values: Record<Exclude<keyof EnvelopeNames, 'data'>, unknown> = {
    total,
    count: rows.length,
    page: number,
    pages,
    size,
    offset,
    first: 1,
    prev: number > 1 ? number - 1 : null,
    next: number < pages ? number + 1 : null,
    last: pages,
    next_cursor: nextCursor ?? null,
    has_more: nextCursor !== undefined,
    next_url: links.next ?? null,
    prev_url: links.prev ?? null
  }
  const tree = new Map<string, Branch>()
  for (const [what, name] of Object.entries(names)) {
    if (name === undefined) continue
    plant(tree, name.split('.'), what === 'data' ? list : stringifyJson(Object.hasOwn(values, what) ? Reflect.get(values, what) : null) ?? 'null')
  }
  return write(tree)
}

type Branch = string | Map<string, Branch>

function plant (tree: Map<string, Branch>, [name = '', ...rest]: readonly string[], text: string): void {
  if (rest.length === 0) {
    tree.set(name, text)
    return
  }
  const known = tree.get(name)
  const inner = known instanceof Map ? known : new Map<string, Branch>()
  tree.set(name, inner)
  plant(inner, rest, text)
}

const write = (tree: ReadonlyMap<string, Branch>): string =>
  `{${[...tree].map(([name, branch]) => `${JSON.stringify(name)}:${typeof branch === 'string' ? branch : write(branch)}`).join(',')}}`
