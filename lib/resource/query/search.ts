/** Whether a text stands anywhere in a value: upper and lower case are one, and names of properties do not count. */
export function hasText (value: unknown, text: string): boolean {
  const waiting: unknown[] = [value]
  while (waiting.length > 0) {
    const next = waiting.pop()
    if (typeof next === 'object' && next !== null) for (const member of Object.values(next)) waiting.push(member)
    else if (next !== undefined && next !== null && String(next).toLowerCase().includes(text)) return true
  }
  return false
}
