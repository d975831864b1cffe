import { capitalise } from '../capitalise.ts'
import { listWords } from './method-stage.ts'
import type { Target } from './path-index.ts'
import type { AskedRequest, Finding } from './stage.ts'
import { toldId } from './told-endpoint.ts'

/** So many changes are told in one line. */
const TOLD = 3

/** What to do about it: use what is served, switch it on, or add what is not. */
export function hintFor (request: AskedRequest, size: number, nearest?: { target: Target, findings: readonly Finding[] }): string {
  if (nearest === undefined || !isSlip(nearest.findings)) {
    return `${size === 0 ? 'No endpoint is configured yet' : 'Nothing like it is configured'}. To serve it, add ${minimalEndpoint(request)}`
  }
  const { endpoint } = nearest.target
  const id = toldId(endpoint)
  const origin = endpoint.origin === undefined ? '' : ` (${endpoint.origin})`
  const stages = new Set(nearest.findings.map(({ stage }) => stage))
  if (stages.has('path')) return `Did you mean ${endpoint.methods[0] ?? 'GET'} ${endpoint.path.replace(/\?$/, '')}?`
  if (stages.has('method')) {
    const served = nearest.findings.find(({ stage }) => stage === 'method')?.expected.split(', ') ?? []
    return `Use ${listWords(served, 'or')}, or add ${request.method.toUpperCase()} to the methods of ${id}${origin}`
  }
  for (const stage of ['query', 'headers'] as const) {
    if (stages.has(stage)) return `Add ${listWords(nearest.findings.filter(finding => finding.stage === stage).map(({ expected }) => expected))} to the ${stage}`
  }
  if (stages.has('enabled')) return `Enable it: take "enabled": false away from ${id}${origin}`
  const remedies = nearest.findings.flatMap(({ remedy }) => remedy ?? [])
  if (stages.has('when') && remedies.length === 0) return `See what ${id} asks for${origin}`
  return remedies.length > 0
    ? `${capitalise(listWords(remedies.slice(0, TOLD)))}${origin === '' ? '' : `; what is asked for is in${origin.replace(/[()]/g, '')}`}`
    : `${id} fits as far as can be told; see its configuration${origin}`
}

/** One slip is likely, and a base path forgotten besides; with more of them it is another endpoint that was meant. */
function isSlip (findings: readonly Finding[]): boolean {
  return findings.every(finding => finding.isSlip) && findings.filter(({ stage }) => stage === 'path').length <= 2
}

/** Numbers and UUIDs become parameters: whoever asks for /orders/42 will ask for /orders/43. */
function minimalEndpoint ({ method, path }: AskedRequest): string {
  let parameters = 0
  const segments = path.slice(0, 200).split('/').map(segment => {
    if (!/^\d+$|^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(segment)) return segment.replaceAll(':', '::')
    return `:id${++parameters > 1 ? parameters : ''}`
  })
  return JSON.stringify({ method: method.toUpperCase(), path: segments.join('/'), response: {} })
}
