import type { Verdict } from '../condition/verdict.ts'
import type { CompiledPattern } from './compile-pattern.ts'
import type { LoggedRequest } from './logged-request.ts'

/** A request that does not fit, and how far off it is. */
export interface NearRequest {
  logged: LoggedRequest
  verdicts: Verdict[]
  distance: number
}

/** What it takes for another request to be meant: the path says most of it, and what was answered least. */
const WEIGHTS: Readonly<Record<string, number>> = { path: 6, endpoint: 5, method: 3, variant: 1, status: 1 }
const OTHER_WEIGHT = 1.5

/** A request whose path is farther off than this is another one altogether. */
const FAR_PATH = 0.6

/** Of a long log only the newest are compared closely. */
const COMPARED = 2000

/** The request nearest to the pattern; the newest of those equally near. Undefined where nothing like it came. */
export function nearestRequest (pattern: CompiledPattern, requests: readonly LoggedRequest[]): NearRequest | undefined {
  let nearest: NearRequest | undefined
  for (let index = requests.length - 1; index >= Math.max(0, requests.length - COMPARED); index--) {
    const logged = requests[index]
    if (logged === undefined) continue
    const verdicts = pattern.judge(logged)
    const distance = distanceOf(verdicts)
    if (nearest === undefined || distance < nearest.distance) nearest = { logged, verdicts, distance }
  }
  return nearest === undefined || isFar(nearest.verdicts) ? undefined : nearest
}

function distanceOf (verdicts: readonly Verdict[]): number {
  let sum = 0
  // Each demand that fails counts beside how far off it is: of two slips, one is nearer.
  for (const { holds, part, distance } of verdicts) if (!holds) sum += weightOf(part) * (0.2 + 0.8 * distance)
  return sum
}

const weightOf = (part: string): number => Object.hasOwn(WEIGHTS, part) ? WEIGHTS[part] ?? OTHER_WEIGHT : OTHER_WEIGHT

const isFar = (verdicts: readonly Verdict[]): boolean =>
  verdicts.some(({ holds, part, distance }) => !holds && (part === 'path' || part === 'endpoint') && distance > FAR_PATH)
