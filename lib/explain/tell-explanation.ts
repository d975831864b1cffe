import type { Candidate, Explanation, Outcome, ResponseReport } from './explanation.ts'
import type { StageName } from './stage.ts'
import { verdictLines } from './verdict-lines.ts'

export type ExplanationStyle = 'bold' | 'red' | 'green' | 'cyan' | 'dim' | 'plain'

/** Makes a text that others wrote presentable. */
export type StyleText = (style: ExplanationStyle, text: string) => string

/**
 * An explanation for people. The first line names the mistake, or what answers; the second says what to do. Then comes each candidate,
 * the nearest first, with what it has passed and what not.
 *
 * @example
 * tellExplanation(await mock.explain({ url: '/user/7' }))
 */
export function tellExplanation ({ summary, outcome, hint, scope, notes = [], candidates }: Explanation, style: StyleText = (_style, text) => text): string {
  const isAnswered = outcome?.kind === 'answered'
  const lines = [
    style(isAnswered ? 'green' : 'red', summary),
    ...hint === '' ? [] : [style('cyan', hint)],
    ...outcome?.kind === 'unmatched' ? [style('dim', `Nothing matches, so it is answered with ${outcome.status}.`)] : [],
    ...scope === undefined ? [] : [style('dim', `It belongs to the scope '${scope}'.`)],
    ...notes.map(note => style('dim', note)),
    ...candidates.flatMap(candidate => ['', ...candidateLines(candidate, outcome, style)])
  ]
  return `${lines.join('\n')}\n`
}

function candidateLines ({ endpoint, passed, failed, responses = [] }: Candidate, outcome: Outcome | undefined, style: StyleText): string[] {
  const { id, path, methods, origin, overlay } = endpoint
  const address = `${methods.join(',')} ${path}`
  const more = [id === address ? [] : address, overlay ?? [], origin ?? []].flat().join(', ')
  const chosen = outcome?.kind === 'answered' && outcome.endpoint.id === id ? outcome.response.number : undefined
  return [
    `${style('bold', id)}${more === '' ? '' : `  ${style('dim', more)}`}`,
    ...passed.length === 0 ? [] : [mark(style, true, passed.map(name => STAGES[name]).join(', '))],
    ...failed.filter(({ stage }) => stage !== 'when' || responses.length < 2).flatMap(({ stage, message, remedy }) => [
      mark(style, false, `${STAGES[stage]}: ${message}`),
      ...remedy === undefined ? [] : [`      ${style('cyan', remedy)}`]
    ]),
    ...responses.length < 2 ? [] : responses.flatMap(response => responseLines(response, chosen, style))
  ]
}

const STAGES: Readonly<Record<StageName, string>> = { path: 'path', method: 'method', query: 'query', headers: 'headers', enabled: 'enabled', when: 'conditions' }

function responseLines ({ number, name, status, fits, verdicts }: ResponseReport, chosen: number | undefined, style: StyleText): string[] {
  const title = `answer ${number}${name === undefined ? '' : ` '${name}'`}, ${status}${number === chosen ? ': this one' : ''}`
  return [mark(style, fits, title), ...verdictLines(verdicts).map(line => `      ${style(/^\s*✗/.test(line) ? 'red' : 'plain', line)}`)]
}

const mark = (style: StyleText, isGood: boolean, text: string): string => `  ${style(isGood ? 'green' : 'red', isGood ? '✓' : '✗')} ${style('plain', text)}`
