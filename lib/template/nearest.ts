import { closest, distance } from 'fastest-levenshtein'

/** `did you mean 'x'?` when one of the names is near enough to be meant. */
export function didYouMean (name: string, names: Iterable<string>): string | undefined {
  const known = [...names]
  const lower = name.toLowerCase()
  const same = known.find(candidate => candidate.toLowerCase() === lower)
  if (same !== undefined) return `did you mean '${same}'?`
  if (known.length === 0) return undefined
  const near = closest(name, known)
  return distance(name, near) <= (name.length < 3 ? 0 : Math.max(1, Math.floor(name.length / 3))) ? `did you mean '${near}'?` : undefined
}
