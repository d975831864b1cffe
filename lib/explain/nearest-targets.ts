import type { ExplainableEndpoint } from '../explain.ts'
import type { AskedPath } from './asked-path.ts'
import { firstRow, nextRow, type Row } from './edit-rows.ts'
import { literalKey, type PathIndex, type PathNode, type Target } from './path-index.ts'
import { COST } from './segment-cost.ts'

/** Beyond this share of the longer path, and beyond this altogether, two paths have too little in common to be worth telling. */
const FAR_SHARE = 0.6
const FAR = 1.8

/**
 * The targets whose paths are nearest to the one asked for, `limit` at most, nearest first. A row of the edit distance is
 * carried down the tree, and a branch is left as soon as nothing below it can be near enough. `surcharge` is what else keeps
 * an endpoint from answering.
 */
export function nearestTargets (index: PathIndex, asked: AskedPath, limit: number, surcharge: (endpoint: ExplainableEndpoint) => number): Target[] {
  const { words, trailingSlash } = asked
  const width = words.length
  const found: Array<{ target: Target, cost: number }> = []
  // One row for each depth: a branch overwrites what its brother has written.
  const rows: Row[] = [firstRow(width)]
  let worst = FAR

  function consider (target: Target, pathCost: number): void {
    const cost = pathCost + surcharge(target.endpoint)
    if (cost >= worst) return
    const place = found.findIndex(other => other.cost > cost)
    found.splice(place === -1 ? found.length : place, 0, { target, cost })
    if (found.length > limit) found.pop()
    if (found.length === limit) worst = found[limit - 1]!.cost
  }

  function visit (node: PathNode, row: Row, depth: number): void {
    const isWild = node.segment?.kind === 'wildcard'
    const pathCost = isWild ? Math.min(...row) : row[width]!
    if (pathCost <= FAR_SHARE * Math.max(width, depth, 1)) {
      for (const leaf of node.leaves) {
        const slash = isWild || leaf.trailingSlash === trailingSlash ? 0 : COST.trailingSlash
        for (const target of leaf.targets) consider(target, pathCost + slash)
      }
    }
    if (node.children === undefined) return
    // The likeliest child first: what it costs spares its brothers.
    const likely = node.children.get(literalKey(words[depth]?.text ?? ''))
    if (likely !== undefined) descend(likely, row, depth + 1)
    for (const child of node.children.values()) if (child !== likely) descend(child, row, depth + 1)
  }

  function descend (child: PathNode, row: Row, depth: number): void {
    if (child.segment === undefined || least(row, child.shortest + 1, child.longest + 1) >= worst) return
    const next = nextRow(child.segment, row, words, worst, rows[depth] ??= [])
    if (least(next, child.shortest, child.longest) < worst) visit(child, next, depth)
  }

  /** What a row comes to at the least, when the pattern has `shortest` to `longest` segments left. */
  function least (row: Row, shortest: number, longest: number): number {
    let least = Infinity
    for (let column = 0; column <= width; column++) {
      const left = width - column
      const tooMany = left > longest ? (left - longest) * COST.front : 0
      const missing = shortest > left ? (shortest - left - 1) * COST.noValue + COST.noRest : 0
      const cost = row[column]! + tooMany + missing
      if (cost < least) least = cost
    }
    return least
  }

  visit(index.root, rows[0]!, 0)
  return found.map(({ target }) => target)
}
