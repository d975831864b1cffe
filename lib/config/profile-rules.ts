import type { Behaviour, Config } from '../config.ts'
import { child } from '../json-pointer.ts'
import { BUILT_IN_PROFILES } from '../profile/built-in-profiles.ts'
import { profileNames, profileOf } from '../profile/resolve-profile.ts'
import { suggest } from '../state/suggest.ts'
import { quote } from './describe.ts'
import { behaviourRules } from './endpoint-rules.ts'
import { createIdentifier } from './identify.ts'
import { wholeLimitRules } from './rate-limit-rules.ts'
import type { Finding, Report } from './report.ts'
import type { Member, Unit } from './unit.ts'

/** The endpoints and situations that profiles and tags may speak of. */
interface Known {
  readonly config: Config
  readonly tags: readonly string[]
  readonly ids: readonly string[]
}

/** What can only be said about tags and profiles once all files are put together. */
export function profileRules (server: Config, units: readonly Unit[], members: readonly Member[], report: Report): void {
  if (server.tags === undefined && server.profiles === undefined && server.profile === undefined) return
  const identify = createIdentifier(members.map(({ endpoint }) => endpoint))
  const known: Known = {
    config: server,
    tags: [...new Set(members.flatMap(({ endpoint }) => endpoint.tags ?? []))],
    ids: server.profiles === undefined ? [] : members.map(({ endpoint }) => identify(endpoint))
  }
  for (const { config, place, imported } of units) {
    if (imported) continue
    for (const finding of tagRules(config, known)) report.add(finding, place)
    for (const finding of rulesOfProfiles(config, known)) report.add(finding, place)
  }
  const setter = units.find(({ config }) => config.profile !== undefined)
  const { profile } = server
  if (setter !== undefined && profile !== undefined && profileOf(server, profile) === undefined) {
    report.add({ code: 'unknown-profile', message: `there is no profile called ${quote(profile)}`, hint: suggest(profile, profileNames(server), ''), pointer: '/profile' }, setter.place)
  }
}

function * tagRules ({ tags = {} }: Config, known: Known): Generator<Finding> {
  for (const [name, { description: _description, ...behaviour }] of Object.entries(tags)) {
    const pointer = child('/tags', name)
    yield * knownTag(name, known, pointer)
    yield * behaviourRules(behaviour, pointer)
  }
}

/** No error: an endpoint with it may be added while the server runs. */
function * knownTag (name: string, { tags }: Known, pointer: string): Generator<Finding> {
  if (tags.includes(name)) return
  yield { severity: 'warning', code: 'unknown-tag', message: `no endpoint has the tag ${quote(name)}`, hint: suggest(name, tags, 'no endpoint has `tags`'), pointer, target: 'key' }
}

function * rulesOfProfiles ({ profiles = {} }: Config, known: Known): Generator<Finding> {
  for (const [name, { description: _description, extends: bases = [], situation, tags = {}, endpoints = {}, ...behaviour }] of Object.entries(profiles)) {
    const pointer = child('/profiles', name)
    for (const base of [bases].flat()) yield * baseRules(name, base, known, child(pointer, 'extends'))
    if (situation !== undefined && !Object.hasOwn(known.config.situations ?? {}, situation)) {
      yield { code: 'unknown-situation', message: `there is no situation called ${quote(situation)}`, hint: suggest(situation, Object.keys(known.config.situations ?? {}), 'there are no `situations`'), pointer: child(pointer, 'situation') }
    }
    yield * behaviourRules(behaviour, pointer)
    yield * wholeLimitRules(behaviour.rate_limit, child(pointer, 'rate_limit'))
    yield * membersRules(tags, child(pointer, 'tags'), (tag, at) => knownTag(tag, known, at))
    yield * membersRules(endpoints, child(pointer, 'endpoints'), (id, at) => knownEndpoint(id, known, at))
  }
}

function * membersRules (members: Readonly<Record<string, Behaviour>>, pointer: string, knows: (name: string, pointer: string) => Iterable<Finding>): Generator<Finding> {
  for (const [name, behaviour] of Object.entries(members)) {
    yield * knows(name, child(pointer, name))
    yield * behaviourRules(behaviour, child(pointer, name))
    yield * wholeLimitRules(behaviour.rate_limit, `${child(pointer, name)}/rate_limit`)
  }
}

function * knownEndpoint (id: string, { ids }: Known, pointer: string): Generator<Finding> {
  if (ids.includes(id)) return
  yield { severity: 'warning', code: 'unknown-endpoint', message: `there is no endpoint ${quote(id)}`, hint: suggest(id, ids, 'there are no endpoints'), pointer, target: 'key' }
}

function * baseRules (name: string, base: string, { config }: Known, pointer: string): Generator<Finding> {
  if (profileOf(config, base) === undefined) {
    yield { code: 'unknown-profile', message: `there is no profile called ${quote(base)}`, hint: suggest(base, profileNames(config).filter(other => other !== name), ''), pointer }
  } else if (base === name ? !Object.hasOwn(BUILT_IN_PROFILES, base) : leadsTo(config, base, name, new Set())) {
    yield { code: 'circular', message: `${quote(name)} extends itself${base === name ? '' : `, by way of ${quote(base)}`}`, pointer }
  }
}

function leadsTo (config: Config, from: string, to: string, seen: ReadonlySet<string>): boolean {
  if (from === to) return true
  if (seen.has(from)) return false
  return [profileOf(config, from)?.extends ?? []].flat().some(base => base !== from && leadsTo(config, base, to, new Set([...seen, from])))
}
