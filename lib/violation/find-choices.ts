import { toSchema, toSchemas } from '../schema/keywords.ts'
import { isObject } from '../schema/subschemas.ts'
import { subjectOf } from './violation.ts'
import { below, fault, type Finding, type Here, type Placed, type Spoken, type Walk } from './walk.ts'

/** `allOf`, `anyOf`, `oneOf`, `not` and `if`. */
export function findChoices (walk: Walk, at: Here, value: unknown, path: string, spoken: Spoken | undefined): void {
  const { schema } = at
  for (const [index, branch] of toSchemas(schema.allOf).entries()) walk.step(below(at, 'allOf', index, branch), value, path, spoken)
  findBranch(walk, at, 'anyOf', value, path, spoken)
  findBranch(walk, at, 'oneOf', value, path, spoken)
  if (schema.not !== undefined && walk.try(below(at, 'not', undefined, toSchema(schema.not)), value, path).length === 0) {
    fault(walk, at, 'not', path, 'must NOT be valid', value)
  }
  if (schema.if === undefined) return
  const keyword = walk.try(below(at, 'if', undefined, toSchema(schema.if)), value, path, spoken).length === 0 ? 'then' : 'else'
  if (schema[keyword] !== undefined) walk.step(below(at, keyword, undefined, toSchema(schema[keyword])), value, path, spoken)
}

/**
 * Where no branch fits, the one that is meant is told about, if that can be seen: the only one of the value's type, or the only
 * one whose discriminator it has. Else that none fits.
 */
function findBranch (walk: Walk, at: Here, keyword: 'anyOf' | 'oneOf', value: unknown, path: string, spoken: Spoken | undefined): void {
  const branches = toSchemas(at.schema[keyword])
  if (branches.length === 0) return
  const tried = branches.map((branch, index) => {
    const own: Spoken | undefined = spoken === undefined ? undefined : { names: new Set(), items: new Set() }
    const placed = below(at, keyword, index, branch)
    return { placed, own, findings: walk.try(placed, value, path, own) }
  })
  const fitting = tried.filter(({ findings }) => findings.length === 0)
  for (const { own } of fitting) {
    for (const name of own?.names ?? []) spoken?.names.add(name)
    for (const index of own?.items ?? []) spoken?.items.add(index)
  }
  // Text has no types of its own: what fits an integer fits a string as well.
  if (fitting.length === 1 || (fitting.length > 1 && (keyword === 'anyOf' || walk.isText))) return
  if (fitting.length > 1) {
    const which = fitting.map(({ placed }) => placed.place.slice(placed.place.lastIndexOf('/') + 1)).join(', ')
    return fault(walk, at, keyword, path, `must match exactly one schema in oneOf, and matches ${which}`, undefined, `one of ${branches.length} schemas`)
  }
  const meant = meantOf(tried, path)
  if (meant !== undefined) for (const finding of meant.findings) if (!walk.isFull()) walk.findings.push(finding)
  if (meant !== undefined) return
  const word = keyword === 'oneOf' ? 'exactly one schema in oneOf' : 'a schema in anyOf'
  const nearest = tried.reduce((best, each) => each.findings.length < best.findings.length ? each : best).findings[0]
  const hint = nearest === undefined ? '' : `; of the nearest, ${subjectOf(nearest).slice(path.length) || 'the value'} ${nearest.message}`
  fault(walk, at, keyword, path, `must match ${word}${hint}`, value, `one of ${branches.length} schemas`)
}

interface Tried {
  placed: Placed
  findings: readonly Finding[]
}

function meantOf (tried: readonly Tried[], path: string): Tried | undefined {
  if (tried.length === 1) return tried[0]
  const ofType = tried.filter(({ findings }) => findings.every(({ rule, pointer }) => rule !== 'type' || pointer !== path))
  if (ofType.length === 1) return ofType[0]
  const named = ofType.filter(({ placed, findings }) => hasConstant(placed) && findings.every(({ rule }) => rule !== 'const'))
  return named.length === 1 ? named[0] : undefined
}

/** Whether a branch is told from others by a property of one value, as the branches of a discriminator are. */
function hasConstant ({ schema }: Placed): boolean {
  if (!isObject(schema)) return false
  const own = isObject(schema.properties) && Object.values(schema.properties).some(property => isObject(property) && property.const !== undefined)
  return own || toSchemas(schema.allOf).some(part => hasConstant({ schema: part, root: part, place: '' }))
}
