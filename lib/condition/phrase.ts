/** What is expected, as the end of a sentence: "expected …". */
const PHRASES: Readonly<Record<string, (operand: string) => string>> = {
  contains: operand => `one that contains ${operand}`,
  starts_with: operand => `one that starts with ${operand}`,
  ends_with: operand => `one that ends with ${operand}`,
  matches: operand => `one that matches ${operand}`,
  exists: () => 'any value',
  absent: () => 'none',
  greater: operand => `more than ${operand}`,
  at_least: operand => `at least ${operand}`,
  less: operand => `less than ${operand}`,
  at_most: operand => `at most ${operand}`,
  multiple_of: operand => `a multiple of ${operand}`,
  before: operand => `a date before ${operand}`,
  after: operand => `a date after ${operand}`,
  base64: operand => `the bytes ${operand}`,
  json_schema: operand => `one that fits ${operand}`,
  not: operand => `not ${operand}`
}

/**
 * @example
 * phrase('starts_with', "'ac'") // "one that starts with 'ac'"
 */
export function phrase (operator: string, operand: string): string {
  return PHRASES[operator]?.(operand) ?? operand
}
