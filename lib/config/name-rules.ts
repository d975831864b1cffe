import type { Config } from '../config.ts'
import type { When } from '../config-keys/condition.ts'
import { child } from '../json-pointer.ts'
import { collectionOf } from '../resource/address.ts'
import { scenarioSteps } from '../state/scenario-definition.ts'
import { suggest } from '../state/suggest.ts'
import { answersOf } from './choice-rules.ts'
import { quote } from './describe.ts'
import { nearest } from './nearest.ts'
import type { Finding, Report } from './report.ts'
import type { Member } from './unit.ts'

/** What is remembered, by the names that conditions have for it. */
type Kind = 'scenarios' | 'variables' | 'collections'

const KINDS = ['scenarios', 'variables', 'collections'] as const

interface Asked { readonly kind: Kind, readonly name: string, readonly pointer: string }

/**
 * Names of what is remembered that nobody else has. Scenarios and variables need not be declared, so that only those are told that are one
 * typing error away from another; a collection has to be. Warnings, as nothing fails because of it.
 */
export function nameRules (server: Config, members: readonly Member[], collections: Iterable<string>, report: Report): void {
  const known: Readonly<Record<Kind, ReadonlySet<string>>> = {
    scenarios: new Set(Object.keys(server.scenarios ?? {})),
    variables: new Set([...Object.keys(server.variables ?? {}), ...members.flatMap(({ endpoint, pointer }) => answersOf(endpoint, pointer).flatMap(({ answer }) => Object.keys(answer.set ?? {})))]),
    collections: new Set([...collections, ...members.flatMap(({ endpoint }) => endpoint.resource === undefined ? [] : [collectionOf(endpoint)])])
  }
  for (const { endpoint, pointer, place, imported } of members) {
    if (imported) continue
    for (const { answer, pointer: at } of answersOf(endpoint, pointer)) {
      const steps = scenarioSteps(answer.scenario).map(({ name }): Asked => ({ kind: 'scenarios', name, pointer: child(at, 'scenario') }))
      const asked = answer.when === undefined ? [] : askedNames(answer.when, `${at}/when`)
      for (const one of [...steps, ...asked]) {
        const finding = known[one.kind].has(one.name) ? undefined : misnamed(one, [...known[one.kind]])
        if (finding !== undefined) report.add(finding, place)
      }
    }
  }
}

function misnamed ({ kind, name, pointer }: Asked, names: readonly string[]): Finding | undefined {
  const what = kind.slice(0, -1)
  if (kind === 'collections') return { severity: 'warning', code: 'unknown-name', message: `there is no collection ${quote(name)}`, hint: suggest(name, names, 'there are no `collections`'), pointer, target: 'key' }
  const near = nearest(name, names)
  return near === undefined ? undefined : { severity: 'warning', code: 'unknown-name', message: `the ${what} ${quote(name)} is declared nowhere`, hint: `did you mean '${near}'?`, pointer, target: 'key' }
}

function askedNames ({ all = [], any = [], not, ...parts }: When, pointer: string): Asked[] {
  const own = KINDS.flatMap(kind => Object.keys(parts[kind] ?? {}).map(name => ({ kind, name, pointer: child(`${pointer}/${kind}`, name) })))
  const within = (list: readonly When[], key: string) => list.flatMap((part, index) => askedNames(part, `${pointer}/${key}/${index}`))
  return [...own, ...within(all, 'all'), ...within(any, 'any'), ...not === undefined ? [] : askedNames(not, `${pointer}/not`)]
}
