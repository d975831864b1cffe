import type { When } from '../config-keys/condition.ts'
import { child } from '../json-pointer.ts'
import { alternatives, opposite } from './combine.ts'
import { compileTest } from './compile-test.ts'
import { keysOf } from './keys.ts'
import { isNamedKey, isWholeKey, NAMED_PARTS, WHOLE_PARTS } from './parts.ts'
import type { Subject } from './subject.ts'
import type { ConditionTools, ValueTest, Where } from './value-test.ts'
import type { Condition, Verdict } from './verdict.ts'

/** One demand of a condition. */
interface Demand {
  readonly cost: number
  readonly readsBody: boolean
  holds (subject: Subject): boolean
  judge (subject: Subject): Verdict[]
}

/**
 * Compiles which requests are meant. Regular expressions, paths and schemas are made once; asking costs comparisons, the cheap ones
 * first, which changes nothing about the result. Throws a ConditionError where something in it cannot be read.
 *
 * @param when of the right shape, as a configuration that was read has it
 * @example
 * const condition = compileCondition({ headers: { 'x-tenant': 'acme' }, body: { '/type': 'card' } })
 * condition.holds({ request })
 * condition.judge({ request }).find(({ holds }) => !holds)?.message // "header x-tenant is 'other', expected 'acme'"
 */
export function compileCondition (when: When, tools: ConditionTools = {}): Condition {
  const demands = compileDemands(when, tools, '')
  const ordered = [...demands].sort((a, b) => a.cost - b.cost)
  const [only] = ordered
  return {
    readsBody: demands.some(({ readsBody }) => readsBody),
    keys: keysOf(when),
    holds: ordered.length === 1 && only !== undefined ? only.holds : subject => allHold(ordered, subject),
    judge: subject => demands.flatMap(demand => demand.judge(subject))
  }
}

function allHold (demands: readonly Demand[], subject: Subject): boolean {
  for (let i = 0; i < demands.length; i++) if (!demands[i]!.holds(subject)) return false
  return true
}

function compileDemands (when: When, tools: ConditionTools, pointer: string): Demand[] {
  return Object.keys(when).flatMap(key => {
    const at = child(pointer, key)
    if (isWholeKey(key)) {
      const { where, cost, values, isText, read, kind } = WHOLE_PARTS[key]
      const test = when[key]
      return test === undefined ? [] : [demandOf(compileTest(test, { tools, pointer: at, values, isText, kind, isWholeBody: key === 'body' }), where, cost, read, key === 'body' || comparesWithBody(test))]
    }
    if (isNamedKey(key)) {
      const { where, cost, values, isText, reader } = NAMED_PARTS[key]
      return Object.entries(when[key] ?? {}).map(([name, test]) =>
        demandOf(compileTest(test, { tools, pointer: child(at, name), values, isText }), where(name), cost, reader(name), comparesWithBody(test)))
    }
    if (key === 'all') return (when.all ?? []).flatMap((part, index) => compileDemands(part, tools, child(at, index)))
    if (key === 'any') return when.any === undefined ? [] : [anyDemand(when.any.map((part, index) => compileDemands(part, tools, child(at, index))))]
    return key === 'not' && when.not !== undefined ? [notDemand(compileDemands(when.not, tools, at))] : []
  })
}

/** Whether a test of another part is about a value in the body as well: `same_as: /body/id`. */
function comparesWithBody (test: unknown): boolean {
  if (typeof test !== 'object' || test === null) return false
  return Object.entries(test).some(([key, value]: [string, unknown]) => key === 'same_as' ? typeof value === 'string' && /^\/body(?:\/|$)/.test(value) : comparesWithBody(value))
}

function demandOf (test: ValueTest, where: Where, cost: number, read: (subject: Subject) => unknown, readsBody: boolean): Demand {
  return {
    cost: cost + test.cost,
    readsBody,
    holds: subject => test.holds(read(subject), subject),
    judge: subject => test.judge(read(subject), subject, where)
  }
}

const REQUEST: Where = { part: 'request', label: 'request', at: '', isSecret: false }

const costOf = (demands: readonly Demand[]): number => demands.reduce((sum, { cost }) => sum + cost, 0)
const readBody = (demands: readonly Demand[]): boolean => demands.some(({ readsBody }) => readsBody)

function anyDemand (ways: ReadonlyArray<readonly Demand[]>): Demand {
  return {
    cost: ways.reduce((sum, demands) => sum + costOf(demands), 0),
    readsBody: ways.some(readBody),
    holds: subject => ways.some(demands => allHold(demands, subject)),
    judge: subject => [alternatives(REQUEST, ways.map(demands => demands.flatMap(demand => demand.judge(subject))))]
  }
}

function notDemand (demands: readonly Demand[]): Demand {
  return {
    cost: costOf(demands),
    readsBody: readBody(demands),
    holds: subject => !allHold(demands, subject),
    judge: subject => [opposite(REQUEST, demands.flatMap(demand => demand.judge(subject)))]
  }
}
