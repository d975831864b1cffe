import type { Config } from '../config.ts'
import type { When } from '../config-keys/condition.ts'
import { child } from '../json-pointer.ts'
import { askedScenarios, scenarioDefinitions, scenarioSteps, type ScenarioDefinitions } from '../state/scenario-definition.ts'
import { suggest } from '../state/suggest.ts'
import { answersOf } from './choice-rules.ts'
import { quote } from './describe.ts'
import { createIdentifier } from './identify.ts'
import { nameRules } from './name-rules.ts'
import type { Place } from './place.ts'
import type { Finding, Report } from './report.ts'
import type { Member, Unit } from './unit.ts'

/** What can only be said about scenarios and situations once all files are put together. */
export function stateRules (server: Config, units: readonly Unit[], members: readonly Member[], report: Report): void {
  const definitions = scenarioDefinitions({ ...server, endpoints: members.map(({ endpoint }) => endpoint) })
  if (definitions.size > 0) {
    for (const { config, place } of units) for (const finding of scenarioRules(config)) report.add(finding, place)
    const reached = reachedStates(server, members, definitions)
    for (const member of members) for (const finding of stepRules(member, definitions, reached)) report.add(finding, member.place)
  }
  nameRules(server, members, units.flatMap(({ config }) => Object.keys(config.collections ?? {})), report)
  const setter = units.find(({ config }) => config.situation !== undefined)
  for (const { config, place } of units) if (config.situations !== undefined) situationRules(config.situations, server.situations ?? {}, members, place, report)
  if (setter?.config.situation !== undefined) {
    const names = Object.keys(server.situations ?? {})
    const { situation } = setter.config
    if (!names.includes(situation)) report.add({ code: 'unknown-situation', message: `there is no situation called ${quote(situation)}`, hint: suggest(situation, names, 'there are no `situations`'), pointer: '/situation' }, setter.place)
  }
}

function * scenarioRules ({ scenarios = {} }: Config): Generator<Finding> {
  for (const [name, { initial, states, after = [] }] of Object.entries(scenarios)) {
    const pointer = child('/scenarios', name)
    const left = new Map<string, number>()
    if (states !== undefined && initial !== undefined) yield * knownState(initial, states, child(pointer, 'initial'))
    for (const [index, { from, to }] of after.entries()) {
      const at = `${pointer}/after/${index}`
      if (states !== undefined) {
        yield * knownState(from, states, child(at, 'from'))
        yield * knownState(to, states, child(at, 'to'))
      }
      const earlier = left.get(from)
      if (earlier === undefined) left.set(from, index)
      else yield { severity: 'warning', code: 'never-chosen', message: `${quote(from)} is left by ${pointer}/after/${earlier} already; of the two, the one with the shorter delay counts`, pointer: at }
    }
  }
}

function * knownState (state: string, states: readonly string[], pointer: string): Generator<Finding> {
  if (!states.includes(state)) yield { code: 'unknown-state', message: `${quote(state)} is none of the scenario's states`, hint: suggest(state, states, 'it has no states'), pointer }
}

/** The states that a scenario can come to: its first, and those that an answer or time leads to. */
function reachedStates ({ scenarios = {} }: Config, members: readonly Member[], definitions: ScenarioDefinitions): ReadonlyMap<string, ReadonlySet<string>> {
  const reached = new Map([...definitions].map(([name, { initial }]) => [name, new Set([initial])]))
  for (const [name, { after = [] }] of Object.entries(scenarios)) for (const { to } of after) reached.get(name)?.add(to)
  for (const { endpoint, pointer } of members) {
    for (const { answer } of answersOf(endpoint, pointer)) for (const { name, step } of scenarioSteps(answer.scenario)) if (step.to !== undefined) reached.get(name)?.add(step.to)
  }
  return reached
}

function * stepRules ({ endpoint, pointer }: Member, definitions: ScenarioDefinitions, reached: ReadonlyMap<string, ReadonlySet<string>>): Generator<Finding> {
  for (const { answer, pointer: at } of answersOf(endpoint, pointer)) {
    if (answer.when !== undefined) yield * askedRules(answer.when, definitions, `${at}/when`)
    for (const { name, step } of scenarioSteps(answer.scenario)) {
      const definition = definitions.get(name)
      if (definition === undefined) continue
      const place = child(at, 'scenario')
      const own = answer.scenario?.name === name ? place : child(place, name)
      if (definition.isClosed) {
        for (const state of [step.state ?? []].flat()) yield * knownState(state, definition.states, child(own, 'state'))
        if (step.to !== undefined) yield * knownState(step.to, definition.states, child(own, 'to'))
        continue
      }
      const asked = [step.state ?? []].flat()
      if (asked.length === 0 || asked.some(state => reached.get(name)?.has(state))) continue
      yield {
        severity: 'warning',
        code: 'unreached-state',
        message: `nothing leads the scenario ${quote(name)} to ${asked.map(quote).join(' or ')}; it begins as ${quote(definition.initial)}`,
        hint: `say where it begins, scenarios: { ${name}: { initial: ${asked[0]} } }, or list its states there if they are set from outside`,
        pointer: child(own, 'state')
      }
    }
  }
}

/** A condition that asks for a state that there is not would never hold. */
function * askedRules (when: When, definitions: ScenarioDefinitions, pointer: string): Generator<Finding> {
  for (const { name, states, pointer: at } of askedScenarios(when, pointer)) {
    const definition = definitions.get(name)
    if (definition?.isClosed !== true) continue
    for (const state of states) yield * knownState(state, definition.states, at)
  }
}

function situationRules (own: NonNullable<Config['situations']>, all: NonNullable<Config['situations']>, members: readonly Member[], place: Place, report: Report): void {
  const identify = createIdentifier(members.map(({ endpoint }) => endpoint))
  const names = new Map(members.map(({ endpoint }) => [identify(endpoint), endpoint.responses?.flatMap(({ name }) => name ?? []) ?? []]))
  for (const [name, { extends: bases = [], ...variants }] of Object.entries(own)) {
    const pointer = child('/situations', name)
    const at = child(pointer, 'extends')
    for (const base of [bases].flat()) {
      if (!Object.hasOwn(all, base)) report.add({ code: 'unknown-situation', message: `there is no situation called ${quote(base)}`, hint: suggest(base, Object.keys(all), 'there is no other'), pointer: at }, place)
      else if (leadsTo(all, base, name)) report.add({ code: 'circular', message: `${quote(name)} extends itself, by way of ${quote(base)}`, pointer: at }, place)
    }
    for (const [endpoint, variant] of Object.entries(variants)) {
      const known = names.get(endpoint)
      const where = child(pointer, endpoint)
      // No errors: an endpoint may be taken out while the server runs.
      if (known === undefined) report.add({ severity: 'warning', code: 'unknown-endpoint', message: `there is no endpoint ${quote(endpoint)}`, hint: suggest(endpoint, [...names.keys()], 'there are no endpoints'), pointer: where, target: 'key' }, place)
      else if (typeof variant === 'string' && !known.includes(variant)) report.add({ severity: 'warning', code: 'unknown-variant', message: `${quote(endpoint)} has no answer called ${quote(variant)}`, hint: suggest(variant, known, 'none of its answers has a `name`'), pointer: where }, place)
    }
  }
}

/** Whether a situation builds on another, however far away. */
function leadsTo (all: NonNullable<Config['situations']>, from: string, to: string, seen: ReadonlySet<string> = new Set()): boolean {
  if (from === to) return true
  if (seen.has(from) || !Object.hasOwn(all, from)) return false
  return [all[from]?.extends ?? []].flat().some(base => leadsTo(all, base, to, new Set([...seen, from])))
}
