const clean = new WeakSet<object>()

/**
 * Whether any text in a value holds `{{`, which would be taken for a template. Each object is looked through once, however
 * many operations share it.
 */
export function hasBraces (value: unknown): boolean {
  if (typeof value === 'string') return value.includes('{{')
  if (typeof value !== 'object' || value === null || clean.has(value)) return false
  for (const key in value) if (key.includes('{{') || hasBraces(Reflect.get(value, key))) return true
  clean.add(value)
  return false
}
