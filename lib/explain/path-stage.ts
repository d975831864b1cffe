import { align, type Step } from './align.ts'
import type { AskedPath } from './asked-path.ts'
import type { Target } from './path-index.ts'
import type { PathPattern, PatternSegment } from './path-pattern.ts'
import { COST, isSameWord, missingCost, segmentCost, type Word } from './segment-cost.ts'
import { quote, type Asked, type Finding, type Stage } from './stage.ts'

/** Lays the request's path beside the endpoint's and tells each difference. */
export const pathStage: Stage = {
  name: 'path',
  check: ({ pattern }, { path }) => pathDifferences(pattern, path)
}

/** How a path differs from a pattern; empty where it does not, as far as can be told. */
export function pathDifferences (pattern: PathPattern, path: AskedPath): Finding[] {
  const steps = align(pattern.segments, path.words)
  const front = frontDifference(steps)
  const findings = front === undefined ? [] : [front.finding]
  const isWild = pattern.segments.at(-1)?.kind === 'wildcard'
  let position = front?.position ?? 0
  for (const [index, step] of steps.entries()) {
    if (index < (front?.steps ?? 0)) continue
    const finding = difference(step, `segment ${position + 1}`, steps.slice(index + 1))
    // A wildcard may stand for nothing, if only its slash is there.
    const isEmptyRest = isWild && step.asked === undefined && path.trailingSlash
    if (finding !== undefined && !isEmptyRest) findings.push(finding)
    if (step.asked !== undefined) position++
  }
  if (!isWild && pattern.trailingSlash !== path.trailingSlash) findings.push(trailingSlash(pattern.trailingSlash))
  return findings
}

/**
 * Whether the paths have anything in common beyond parameters, which fit everything: some word of the pattern stands in the
 * path, or nearly.
 */
export function hasCommonWord ({ pattern }: Pick<Target, 'pattern'>, { path }: Pick<Asked, 'path'>): boolean {
  return align(pattern.segments, path.words).some(({ pattern: segment, asked }) =>
    segment !== undefined && asked !== undefined && isSameWord(segment, asked))
}

/** Segments missing, or too many, before the first that fits: a base path. Not when that is all there is. */
function frontDifference (steps: readonly Step[]): { finding: Finding, steps: number, position: number } | undefined {
  const first = steps.findIndex(({ pattern, asked }) => pattern !== undefined && asked !== undefined)
  if (first <= 0) return undefined
  const front = steps.slice(0, first)
  const isMissing = front.every(({ asked }) => asked === undefined)
  if (!isMissing && !front.every(({ pattern, asked }) => pattern === undefined && asked?.text !== '')) return undefined
  const text = `/${front.map(({ pattern, asked }) => pattern?.label ?? asked?.text ?? '').join('/')}`
  const finding = {
    stage: 'path' as const,
    at: 'segment 1',
    expected: isMissing ? text : '',
    actual: isMissing ? '' : text,
    message: isMissing ? `the path lacks ${quote(text)} in front` : `the path has ${quote(text)} in front, which is not configured`,
    remedy: isMissing ? `put ${quote(text)} in front` : `leave ${quote(text)} out`,
    cost: front.length * COST.front,
    isSlip: true
  }
  return { finding, steps: first, position: isMissing ? 0 : first }
}

function difference ({ pattern, asked }: Step, at: string, rest: readonly Step[]): Finding | undefined {
  if (pattern === undefined) return tooMany(asked, at)
  if (asked === undefined) return missing(pattern, at, rest)
  const finding = (cost: number, isSlip: boolean, message: string, remedy: string): Finding =>
    ({ stage: 'path', at, expected: pattern.label, actual: asked.text, message, remedy, cost, isSlip })
  if (asked.text === '' && (pattern.kind === 'shaped' || pattern.kind === 'parameter')) return finding(COST.noValue, true, `${at} is empty, expected a value for ${quote(pattern.label)}`, `put a value in the place of ${quote(pattern.label)}`)
  // What cannot be tested passes for now; it is blamed when nothing else is wrong.
  if (pattern.kind === 'shaped') return pattern.fits(asked.text) === false ? finding(COST.misshapen, true, misfit(pattern, asked, at), `put one that fits ${quote(pattern.label)} there`) : undefined
  if (pattern.kind === 'parameter') return undefined
  const cost = segmentCost(pattern, asked)
  if (cost === 0 || cost === COST.wildcard) return undefined
  const detail = cost === COST.case ? ' (upper and lower case differ)' : ''
  return finding(cost, cost < COST.otherWord, `${at} is ${quote(asked.text)}, expected ${quote(pattern.label)}${detail}`, `change ${quote(asked.text)} to ${quote(pattern.label)}`)
}

/** The segments that could not be tested: one of them is why the router passed the endpoint by, when nothing else is. */
export function untested ({ pattern }: Target, { path }: Asked): Finding[] {
  return align(pattern.segments, path.words).flatMap(({ pattern: segment, asked }, index) => {
    if (segment?.kind !== 'shaped' || asked === undefined || segment.fits(asked.text) === true) return []
    const at = `segment ${index + 1}`
    return [{ stage: 'path' as const, at, expected: segment.label, actual: asked.text, message: misfit(segment, asked, at), remedy: `put one that fits ${quote(segment.label)} there`, cost: COST.misshapen, isSlip: true }]
  })
}

const misfit = (pattern: PatternSegment, asked: Word, at: string): string =>
  `${at} is ${quote(asked.text)}, which does not fit ${quote(pattern.label)}`

function tooMany (asked: Word, at: string): Finding {
  const message = asked.text === '' ? `${at} is empty: two slashes stand in a row` : `${at}, ${quote(asked.text)}, is one too many`
  return { stage: 'path', at, expected: '', actual: asked.text, message, remedy: asked.text === '' ? 'take one of the slashes away' : `leave ${quote(`/${asked.text}`)} out`, cost: COST.gap, isSlip: true }
}

/** To leave out a value, or the end of a path, is a slip; to leave out a word in the middle is not. */
function missing (pattern: PatternSegment, at: string, rest: readonly Step[]): Finding {
  const isWord = pattern.kind === 'literal'
  const wanted = isWord ? quote(pattern.label) : `a value for ${quote(pattern.label)}`
  const next = rest.find(({ asked }) => asked !== undefined)?.asked
  // There is a segment of that number, if something else follows.
  const message = next === undefined ? `${at} is missing, expected ${wanted}` : `${wanted} is missing before ${at}, ${quote(next.text)}`
  return { stage: 'path', at, expected: pattern.label, actual: '', message, remedy: `add ${wanted}`, cost: missingCost(pattern), isSlip: rest.length === 0 || !isWord }
}

const trailingSlash = (isExpected: boolean): Finding => ({
  stage: 'path',
  expected: isExpected ? '/ at the end' : 'no / at the end',
  actual: isExpected ? 'no / at the end' : '/ at the end',
  message: isExpected ? "the path lacks the '/' at its end" : "the path has a '/' at its end, which is not configured",
  remedy: isExpected ? "add a '/' at the end" : "leave the '/' at the end out",
  cost: COST.trailingSlash,
  isSlip: true
})
