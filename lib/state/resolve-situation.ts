import type { Situation } from '../config.ts'

type Situations = Readonly<Record<string, Situation>>

/**
 * Which answer each endpoint gives in a situation, by id; what it extends comes first, its own goes over that. A situation that
 * leads back to itself ends there: that is told when the configuration is checked.
 *
 * @example
 * resolveSituation({ base: { 'GET /a': 'x' }, late: { extends: 'base', 'GET /b': 'y' } }, 'late') // Map { 'GET /a' => 'x', 'GET /b' => 'y' }
 */
export function resolveSituation (situations: Situations, name: string, path: readonly string[] = []): Map<string, string> {
  const found = new Map<string, string>()
  const situation = Object.hasOwn(situations, name) ? situations[name] : undefined
  if (situation === undefined || path.includes(name)) return found
  const { extends: bases = [], ...own } = situation
  for (const base of [bases].flat()) {
    for (const [endpoint, variant] of resolveSituation(situations, base, [...path, name])) found.set(endpoint, variant)
  }
  for (const [endpoint, variant] of Object.entries(own)) if (typeof variant === 'string') found.set(endpoint, variant)
  return found
}
