import type { Random } from '../random.ts'
import type { RequestView } from '../request-view.ts'
import type { TemplateContext } from '../template/context.ts'

/** Rows and ids are made for no request. */
const NO_REQUEST: RequestView = {
  method: 'GET', url: '/', path: '/', params: {}, query: {}, headers: {}, cookies: {}, body: undefined, ip: '127.0.0.1', host: 'localhost', protocol: 'http', id: 'collection'
}

/** What the templates of rows and ids see. */
export function templateContext (random: Random, variables: Readonly<Record<string, unknown>>): TemplateContext {
  let count = 0
  return { request: NO_REQUEST, random, now: new Date(), counters: { next: (_name, start = 1, step = 1) => start + step * count++ }, variables }
}
