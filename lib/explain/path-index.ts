import type { ExplainableEndpoint } from '../explain.ts'
import { parsePattern, type PathPattern, type PatternSegment } from './path-pattern.ts'

/** One endpoint under one of its patterns. */
export interface Target {
  endpoint: ExplainableEndpoint
  pattern: PathPattern
  /** Everything that is configured under the same pattern, parameter names aside. */
  siblings: readonly ExplainableEndpoint[]
}

/** All patterns as a tree by segments, so that what many share is compared once. */
export interface PathIndex {
  readonly root: PathNode
  /** How many endpoints it holds. */
  readonly size: number
  /** By id; an endpoint has one for each of its patterns. */
  readonly byId: ReadonlyMap<string, readonly Target[]>
}

export interface PathNode {
  segment: PatternSegment | undefined
  children: Map<string, PathNode> | undefined
  leaves: Leaf[]
  /** How many segments the shortest and the longest pattern below have left; a wildcard has no end. */
  shortest: number
  longest: number
}

export interface Leaf {
  trailingSlash: boolean
  targets: Target[]
}

export function buildPathIndex (endpoints: Iterable<ExplainableEndpoint>): PathIndex {
  const root = createNode(undefined)
  const siblings = new Map<Leaf, ExplainableEndpoint[]>()
  const byId = new Map<string, Target[]>()
  let size = 0
  for (const endpoint of endpoints) {
    size++
    for (const pattern of parsePattern(endpoint.path)) {
      const leaf = leafOf(root, pattern)
      let family = siblings.get(leaf)
      if (family === undefined) siblings.set(leaf, family = [])
      family.push(endpoint)
      const target = { endpoint, pattern, siblings: family }
      leaf.targets.push(target)
      const own = byId.get(endpoint.id)
      if (own === undefined) byId.set(endpoint.id, [target])
      else own.push(target)
    }
  }
  return { root, size, byId }
}

function createNode (segment: PatternSegment | undefined): PathNode {
  return { segment, children: undefined, leaves: [], shortest: Infinity, longest: 0 }
}

function leafOf (root: PathNode, { segments, trailingSlash }: PathPattern): Leaf {
  const isWild = segments.at(-1)?.kind === 'wildcard'
  let node = root
  let left = segments.length
  for (const segment of segments) {
    reach(node, left, isWild)
    const key = childKey(segment)
    node.children ??= new Map()
    let child = node.children.get(key)
    if (child === undefined) node.children.set(key, child = createNode(segment))
    node = child
    left--
  }
  reach(node, 0, isWild)
  let leaf = node.leaves.find(other => other.trailingSlash === trailingSlash)
  if (leaf === undefined) node.leaves.push(leaf = { trailingSlash, targets: [] })
  return leaf
}

function reach (node: PathNode, left: number, isWild: boolean): void {
  node.shortest = Math.min(node.shortest, left)
  node.longest = Math.max(node.longest, isWild ? Infinity : left)
}

function childKey (segment: PatternSegment): string {
  switch (segment.kind) {
    case 'literal': return literalKey(segment.text)
    case 'parameter': return ':'
    default: return `${segment.kind} ${segment.text}`
  }
}

/** Under which key a node keeps the child for a literal; a slash begins no other key. */
export const literalKey = (text: string): string => `/${text}`
