import type { Verdict } from '../condition/verdict.ts'
import type { AnswerScenario } from '../config.ts'
import { scenarioSteps } from './scenario-definition.ts'
import type { Gate, Scenarios } from './scenarios.ts'

/** Undefined for an answer that has nothing to do with scenarios. */
export function compileGates (scenario: AnswerScenario | undefined): readonly Gate[] | undefined {
  const gates = scenarioSteps(scenario).map(({ name, step: { state, to } }): Gate => ({
    name,
    ...state !== undefined && { from: [state].flat() },
    ...to !== undefined && { to }
  }))
  return gates.length === 0 ? undefined : gates
}

/** Whether all of the scenarios are in the states that are asked for. */
export function isOpen (gates: readonly Gate[], scenarios: Pick<Scenarios, 'state'>): boolean {
  for (const { name, from } of gates) if (from !== undefined && !from.includes(scenarios.state(name))) return false
  return true
}

/** The same for people: every demand with its verdict. */
export function judgeGates (gates: readonly Gate[], scenarios: Pick<Scenarios, 'state'>): Verdict[] {
  return gates.flatMap(({ name, from }) => {
    if (from === undefined) return []
    const state = scenarios.state(name)
    const holds = from.includes(state)
    const expected = from.map(wanted => `'${wanted}'`).join(' or ')
    return { holds, part: 'scenarios', at: name, operator: 'equals', expected, actual: `'${state}'`, message: holds ? '' : `the scenario '${name}' is in the state '${state}', expected ${expected}`, distance: holds ? 0 : 0.5 }
  })
}
