import { schemasAt } from './schema-at.ts'

/** `$${` or `${NAME}` or `${NAME:-default}`; anything else that looks like it is left alone (JavaScript in a body, say). */
const REFERENCE = /\$\$\{|\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g
const WHOLE = /^\$\{[A-Za-z_]\w*(?::-[^}]*)?\}$/

export type Env = Readonly<Record<string, string | undefined>>

/** Told of a variable that is not set and has no default, and the path to the string that asks for it. */
export type OnMissing = (name: string, path: readonly string[]) => void

/**
 * Puts environment variables into the strings of a configuration: `${NAME}`, `${NAME:-default}` (also when it is empty, as in
 * a shell), `$${` for a literal `${`. A string that is nothing but a reference becomes a number or a boolean where the
 * configuration takes no string. Keys are left alone. Copies what changes, and nothing else.
 *
 * @param from path to the value, when it is a part of the configuration
 * @example
 * substituteEnv({ endpoints: [{ path: '${BASE:-}/a', status: '${STATUS}' }] }, { STATUS: '503' }, onMissing)
 * // { endpoints: [{ path: '/a', status: 503 }] }
 */
export function substituteEnv (value: unknown, env: Env, onMissing: OnMissing, from: readonly string[] = []): unknown {
  const path = [...from]
  const visit = (node: unknown): unknown => {
    if (typeof node === 'string') return node.includes('${') ? substituteText(node, path, env, onMissing) : node
    if (typeof node !== 'object' || node === null) return node
    if (Array.isArray(node)) {
      const items = node.map((item: unknown, index) => within(String(index), item))
      return items.some((item, index) => item !== node[index]) ? items : node
    }
    const entries = Object.entries(node)
    const changed = entries.map(([key, member]): [string, unknown] => [key, within(key, member)])
    return changed.some(([, member], index) => member !== entries[index]?.[1]) ? Object.fromEntries(changed) : node
  }
  const within = (token: string, node: unknown): unknown => {
    path.push(token)
    const result = visit(node)
    path.pop()
    return result
  }
  return visit(value)
}

function substituteText (text: string, path: readonly string[], env: Env, onMissing: OnMissing): unknown {
  let complete = true
  const result = text.replace(REFERENCE, (whole, name?: string, fallback?: string) => {
    if (name === undefined) return '${'
    const value = Object.hasOwn(env, name) ? env[name] : undefined
    if (fallback !== undefined) return value === undefined || value === '' ? fallback : value
    if (value !== undefined) return value
    onMissing(name, path)
    complete = false
    return whole
  })
  if (!WHOLE.test(text)) return result
  // What is missing has been told; that it is no number need not be told as well.
  return complete || takesText(path) ? typed(result, path) : undefined
}

const typesAt = (path: readonly string[]): unknown[] => schemasAt(path).flatMap(({ type }) => type)

function takesText (path: readonly string[]): boolean {
  const types = typesAt(path)
  return types.length === 0 || types.includes('string') || types.includes(undefined)
}

function typed (text: string, path: readonly string[]): unknown {
  if (takesText(path)) return text
  const types = typesAt(path)
  const numeric = types.includes('number') || types.includes('integer')
  if (numeric && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text)
  if (types.includes('boolean') && (text === 'true' || text === 'false')) return text === 'true'
  return text
}
