/**
 * @example
 * plural(1, 'endpoint') // '1 endpoint'
 * plural(3, 'query', 'queries') // '3 queries'
 */
export function plural (count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}
