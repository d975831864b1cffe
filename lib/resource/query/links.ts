import type { RequestView } from '../../request-view.ts'
import type { PageAsked } from './page.ts'
import type { Paged } from './paged.ts'
import type { ParameterNames } from './parameter-names.ts'

/** The addresses of other parts of a list. */
export interface Links {
  readonly first?: string
  readonly prev?: string
  readonly next?: string
  readonly last?: string
}

/** Where the other pages are; none where there is but one. */
export function linksOf (request: RequestView, asked: PageAsked, page: Paged, names: ParameterNames): Links {
  const { total, offset, size, pages, nextCursor } = page
  const at = (name: string | undefined, value: string | number) => address(request, name, value)
  if (asked.kind === 'cursor') return nextCursor === undefined ? {} : { next: at(names.cursor, nextCursor) }
  if (asked.kind === 'page') {
    if (pages === 1 && page.page === 1) return {}
    return {
      first: at(names.page, 1),
      ...page.page > 1 && { prev: at(names.page, Math.min(page.page - 1, pages)) },
      ...page.page < pages && { next: at(names.page, page.page + 1) },
      last: at(names.page, pages)
    }
  }
  if (asked.kind !== 'offset' || size === 0 || (offset === 0 && total <= size)) return {}
  return {
    first: at(names.offset, 0),
    ...offset > 0 && { prev: at(names.offset, Math.max(0, offset - size)) },
    ...offset + size < total && { next: at(names.offset, offset + size) },
    last: at(names.offset, Math.max(0, Math.ceil(total / size) - 1) * size)
  }
}

/** The header `Link` (RFC 8288). */
export const linkHeader = (links: Links): string =>
  Object.entries(links).map(([relation, url]) => `<${url}>; rel="${relation}"`).join(', ')

/** The address of the request with one parameter changed. */
function address ({ protocol, host, url }: RequestView, name: string | undefined, value: string | number): string {
  const mark = url.indexOf('?')
  const query = new URLSearchParams(mark === -1 ? '' : url.slice(mark + 1))
  if (name !== undefined) query.set(name, String(value))
  return `${protocol}://${host}${mark === -1 ? url : url.slice(0, mark)}?${query.toString()}`
}
