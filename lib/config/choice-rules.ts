import { chooseOptions } from '../choose-mode.ts'
import type { Endpoint, Response } from '../config.ts'
import { child } from '../json-pointer.ts'
import { scenarioSteps } from '../state/scenario-definition.ts'
import { suggest } from '../state/suggest.ts'
import { quote } from './describe.ts'
import type { Finding } from './report.ts'

/** What is wrong or doubtful about the choice among an endpoint's answers. */
export function * choiceRules (endpoint: Endpoint, pointer: string): Generator<Finding> {
  const { choose, responses = [endpoint] } = endpoint
  if (choose === undefined && responses.every(({ when, times, weight, scenario }) => when === undefined && times === undefined && weight === undefined && scenario === undefined)) return
  const answers = answersOf(endpoint, pointer)
  yield * modeRules(endpoint, answers, child(pointer, 'choose'))
  yield * weightRules(endpoint, answers)
  // A resource puts what asks for something before its own answer, and the others behind it.
  if (chooseOptions(choose).mode === 'first' && endpoint.resource === undefined) yield * hiddenRules(answers)
}

interface PlacedAnswer {
  answer: Response
  pointer: string
}

/** An endpoint's answers, with their places. */
export const answersOf = (endpoint: Endpoint, pointer: string): PlacedAnswer[] =>
  endpoint.responses?.map((answer, index) => ({ answer, pointer: `${pointer}/responses/${index}` })) ?? [{ answer: endpoint, pointer }]

function * modeRules ({ choose, responses }: Endpoint, answers: readonly PlacedAnswer[], pointer: string): Generator<Finding> {
  if (choose === undefined) return
  const { mode, end, then } = chooseOptions(choose)
  const names = answers.flatMap(({ answer: { name } }) => name ?? [])
  if (then !== undefined) {
    if (!names.includes(then)) yield { code: 'unknown-variant', message: `there is no answer called ${quote(then)}`, hint: suggest(then, names, 'give the answer that comes after the sequence a `name`'), pointer: child(pointer, 'then') }
    else if (answers.every(({ answer }) => answer.name === then)) yield { code: 'empty-sequence', message: `all answers are called ${quote(then)}, so that nothing comes before`, pointer: child(pointer, 'then') }
    if (end !== undefined) yield { severity: 'warning', code: 'no-effect', message: "'end' has no effect beside 'then', which says what follows the sequence", pointer: child(pointer, 'end'), target: 'key' }
  }
  for (const [key, value] of Object.entries({ end, then })) {
    if (value === undefined || mode === 'sequence') continue
    yield { severity: 'warning', code: 'no-effect', message: `'${key}' belongs to a sequence, and has no effect with 'mode: ${mode}'`, hint: "write 'mode: sequence'", pointer: child(pointer, key), target: 'key' }
  }
  if (mode !== 'first' && end !== 'once' && (responses?.length ?? 1) === 1) {
    yield { severity: 'warning', code: 'no-effect', message: `'${mode}' has only one answer to choose from`, hint: "several go into 'responses'", pointer, target: 'key' }
  }
}

function * weightRules ({ choose }: Endpoint, answers: readonly PlacedAnswer[]): Generator<Finding> {
  const weighted = answers.filter(({ answer: { weight } }) => weight !== undefined)
  if (chooseOptions(choose).mode !== 'random') {
    for (const { pointer } of weighted) yield { severity: 'warning', code: 'no-effect', message: "'weight' has no effect without 'choose: random'", pointer: child(pointer, 'weight'), target: 'key' }
  } else if (answers.every(({ answer: { weight } }) => weight === 0)) {
    yield { severity: 'warning', code: 'never-chosen', message: 'all weights are 0, so that no answer is ever chosen', pointer: child(answers[0]?.pointer ?? '', 'weight') }
  }
}

/** An answer that asks for something, behind one that asks for nothing. */
function * hiddenRules (answers: readonly PlacedAnswer[]): Generator<Finding> {
  const open = answers.findIndex(({ answer }) => !isDemanding(answer) && answer.for_request === undefined)
  if (open === -1) return
  for (const { answer, pointer } of answers.slice(open + 1)) {
    if (!isDemanding(answer)) continue
    yield {
      severity: 'warning',
      code: 'never-chosen',
      message: `this answer can never be chosen: ${answers[open]?.pointer} comes before it and has no conditions`,
      hint: 'put the answer without conditions last',
      pointer
    }
  }
}

const isDemanding = ({ when, times, scenario }: Response): boolean =>
  when !== undefined || times !== undefined || scenarioSteps(scenario).some(({ step }) => step.state !== undefined)
