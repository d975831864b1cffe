import type { Endpoint } from '../config.ts'
import { formatPlace } from './place.ts'
import { methodsOf } from './methods.ts'
import { servedAs } from '../resource/served-as.ts'
import type { Report } from './report.ts'
import { routeKeys } from './route-key.ts'
import type { Member } from './unit.ts'

/**
 * Takes out of the endpoints that come from OpenAPI documents what is defined before them: by people, who override a document
 * by writing an endpoint of the same method and path, or by an earlier document (which is told).
 */
export function * overrideImported (members: readonly Member[], report: Report): Generator<void, Member[]> {
  if (members.every(({ unit }) => !unit.imported)) return [...members]
  const taken = new Map<string, Map<string, Member>>()
  const result = new Map<Member, Member[]>()
  // What people wrote comes first, wherever it stands.
  for (const written of [true, false]) {
    for (const member of members) {
      if (member.unit.imported === written) continue
      const left = written || member.endpoint.enabled === false ? [member.endpoint] : remainder(member, taken, report)
      result.set(member, left.map(endpoint => ({ ...member, endpoint })))
      for (const endpoint of left) if (endpoint.enabled !== false) take(member, endpoint, taken)
      yield
    }
  }
  return members.flatMap(member => result.get(member) ?? [])
}

function take (member: Member, endpoint: Endpoint, taken: Map<string, Map<string, Member>>): void {
  for (const served of servedAs(endpoint)) {
    for (const key of routeKeys(served.path, served.base_paths, served.match)) {
      let methods = taken.get(key)
      if (methods === undefined) taken.set(key, methods = new Map())
      for (const method of methodsOf(served)) if (!methods.has(method)) methods.set(method, member)
    }
  }
}

/** What is left of an imported endpoint: all of it, nothing, or some of its methods under some of its base paths. */
function remainder (member: Member, taken: ReadonlyMap<string, ReadonlyMap<string, Member>>, report: Report): Endpoint[] {
  const { endpoint, place, pointer } = member
  const methods = methodsOf(endpoint)
  const basePaths = endpoint.base_paths ?? ['']
  const groups = new Map<string, string[]>()
  const others = new Set<Member>()
  for (const base of basePaths) {
    const free = methods.filter(method => routeKeys(endpoint.path, [base], endpoint.match).every(key => {
      const other = taken.get(key)?.get(method)
      if (other !== undefined) others.add(other)
      return other === undefined
    }))
    groups.set(free.join(), [...groups.get(free.join()) ?? [], base])
  }
  if (others.size === 0) return [endpoint]
  for (const other of others) {
    if (!other.unit.imported) continue
    const first = formatPlace(other.place, other.pointer)
    report.add({ severity: 'warning', code: 'duplicate-endpoint', message: `${methods.join()} ${endpoint.path} is already defined at ${first}, which is served`, pointer }, place)
  }
  groups.delete('')
  return [...groups].map(([free, bases]) => {
    const narrowed: Endpoint = { ...endpoint, method: free.split(',') }
    return endpoint.base_paths === undefined ? narrowed : { ...narrowed, base_paths: bases }
  })
}
