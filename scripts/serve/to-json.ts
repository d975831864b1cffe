import { inspect } from 'node:util'

/** JSON of whatever somebody logged: also of what has no JSON (circles, bigints), as text then. Errors tell message and stack. */
export function toJson (value: unknown): string {
  try {
    return JSON.stringify(value, errorsToo) ?? 'null'
  } catch {
    return JSON.stringify(inspect(value, { depth: 2 }))
  }
}

const errorsToo = (_key: string, value: unknown): unknown => value instanceof Error ? { message: value.message, stack: value.stack } : value
