import type { HelperFunction, HelperTable } from '../helper.ts'
import { own } from '../own.ts'
import { baseUrl, bodyText, hostAndPort } from '../request-path.ts'
import { kRawBody, type RequestView } from '../../request-view.ts'
import { flag, text } from './argument.ts'
import { queryJson } from './json-path.ts'
import { digText } from './object-path.ts'
import { stringifyJson } from '../../stringify-json.ts'

const isGiven = (path: unknown) => path !== undefined && path !== null && path !== ''

const follow = (source: unknown, path: string) => path.startsWith('$') ? queryJson(source, path) : digText(source, path)

/** A part of the request by a path (`a.b`, or JSONPath from `$`), with a default; `stringify` gives JSON text (Mockoon). */
const part = (read: (request: RequestView) => unknown): HelperFunction => ([path, byDefault, stringify], _hash, { request }) => {
  const source = read(request)
  const value = (isGiven(path) ? follow(source, text(path)) : source) ?? byDefault
  return flag(stringify) && typeof value !== 'string' ? stringifyJson(value) : value
}

const named = (read: (request: RequestView, name: string) => unknown): HelperFunction => ([name, byDefault], _hash, { request }) =>
  read(request, text(name)) ?? byDefault

/** What Mockoon calls the parts of a request; `request.…` gives them all as well. */
export const requestHelpers: HelperTable = {
  body: part(request => request.body),
  bodyRaw: part(request => request.body),
  bodyText: (_args, _hash, { request }) => bodyText(request[kRawBody] ?? request.body),
  queryParam: part(request => request.query),
  queryParamRaw: part(request => request.query),
  queryParams: (_args, _hash, { request }) => request.query,
  urlParam: named((request, name) => own(request.params, name)),
  urlParams: (_args, _hash, { request }) => request.params,
  header: named((request, name) => own(request.headers, name.toLowerCase())),
  headers: (_args, _hash, { request }) => request.headers,
  cookie: named((request, name) => own(request.cookies, name)),
  method: (_args, _hash, { request }) => request.method,
  ip: (_args, _hash, { request }) => request.ip,
  hostname: (_args, _hash, { request }) => hostAndPort(request.host).hostname,
  baseUrl: (_args, _hash, { request }) => baseUrl(request)
}
