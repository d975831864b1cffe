import { randomUUID } from 'node:crypto'
import { chmod, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import { tokens } from '../json-pointer.ts'
import { editValue, type Edit } from './edit-value.ts'
import { substituteEnv, type Env } from './env.ts'
import { configInvalid } from './invalid.ts'
import { applySplices, spliceValue, type Outline, type Same } from './outline.ts'
import { outlineJson } from './outline-json.ts'
import { editDocument, outlineYaml, yamlStyle } from './outline-yaml.ts'
import { parseSource, type Format } from './source.ts'
import { writeYaml } from './write-yaml.ts'

export type { Edit }

/**
 * Edits a configuration's text. What does not change keeps its comments, its order and its layout; of a value that is replaced,
 * only what differs is touched. Strings with `${variables}` stay as they are when they stand for the wanted value.
 *
 * @throws MOCK_ERR_CONFIG_INVALID for a text that cannot be read, MOCK_ERR_NOT_SAVED for a pointer that leads nowhere
 * @example
 * applyEdits('endpoints:\n  - path: /a # the first\n', 'yaml', [{ op: 'add', pointer: '/endpoints/0/status', value: 201 }])
 * // 'endpoints:\n  - path: /a # the first\n    status: 201\n'
 */
export function applyEdits (text: string, format: Format, edits: readonly Edit[], env: Env = {}): string {
  const { value, errors, text: body } = parseSource(text, { format })
  if (errors.length > 0) throw configInvalid(errors)
  const bom = text.slice(0, text.length - body.length)
  const wanted = editValue(value ?? {}, edits)
  const same: Same = (written, next, path) => typeof written === 'string' && written.includes('${') && isDeepStrictEqual(expanded(written, path, env), next)
  const outline = value === null || value === undefined ? undefined : format === 'json' ? outlineJson(body, value) : outlineYaml(body, value)
  const candidates = [() => spliced(body, outline, wanted, same), ...format === 'yaml' ? [() => viaDocument(body, edits)] : []]
  for (const candidate of candidates) {
    const result = candidate()
    // Aliases, merge keys and the like may make a change reach further than meant: what was written must read as wanted.
    if (result !== undefined && reads(result, format, wanted, same)) return bom + result
  }
  return bom + (format === 'json' ? `${JSON.stringify(wanted, null, 2)}\n` : writeYaml(wanted, yamlStyle(body)))
}

/**
 * Edits a configuration file, in one step: it is written aside and then renamed, and keeps its permissions.
 *
 * @param file absolute path; a symbolic link stays one
 */
export async function editFile (file: string, edits: readonly Edit[], env: Env = {}): Promise<void> {
  const text = await readFile(file, 'utf8')
  const { format } = parseSource(text, { file })
  await writeFileAtomically(file, applyEdits(text, format, edits, env))
}

/** Replaces a file's content by renaming: other readers see the old or the new, never a part. Where that cannot be, it is written in place. */
export async function writeFileAtomically (file: string, text: string): Promise<void> {
  const target = await realpath(file).catch(() => file)
  const before = await stat(target).catch(() => undefined)
  const aside = `${target}.${randomUUID()}.tmp`
  try {
    await writeFile(aside, text, { flag: 'wx' })
    if (before !== undefined) await chmod(aside, before.mode & 0o7777)
    await rename(aside, target)
  } catch (error) {
    await rm(aside, { force: true })
    if (before === undefined || !cannotRename(error)) throw error
    await writeFile(target, text)
  }
}

/** A single file that is mounted into a container cannot be replaced, nor one in a folder that is not writable; only written to. */
function cannotRename (error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['EBUSY', 'EXDEV', 'EACCES', 'EPERM', 'EROFS'].includes(String(error.code))
}

function spliced (text: string, outline: Outline | undefined, wanted: unknown, same: Same): string | undefined {
  return outline === undefined ? undefined : applySplices(text, spliceValue(outline, wanted, same))
}

function viaDocument (text: string, edits: readonly Edit[]): string | undefined {
  try {
    return editDocument(text, document => {
      for (const edit of edits) {
        const path = tokens(edit.pointer)
        if (edit.op === 'remove') document.deleteIn(path)
        else if (edit.op === 'add' && path.at(-1) === '-') document.addIn(path.slice(0, -1), document.createNode(edit.value))
        else document.setIn(path, document.createNode(edit.value))
      }
    })
  } catch {
    // An alias cannot be edited through, for one.
    return undefined
  }
}

function reads (text: string, format: Format, wanted: unknown, same: Same): boolean {
  const { value, errors } = parseSource(text, { format })
  return errors.length === 0 && matches(value, wanted, same, [])
}

function matches (value: unknown, wanted: unknown, same: Same, path: readonly string[]): boolean {
  if (isDeepStrictEqual(value, wanted) || same(value, wanted, path)) return true
  if (typeof value !== 'object' || value === null || typeof wanted !== 'object' || wanted === null) return false
  if (Array.isArray(value) !== Array.isArray(wanted)) return false
  const members = new Map<string, unknown>(Object.entries(wanted))
  const entries = Object.entries(value)
  return entries.length === members.size && entries.every(([key, member]) => members.has(key) && matches(member, members.get(key), same, [...path, key]))
}

/** A string with its variables filled in, typed as its place in the configuration wants it. */
function expanded (text: string, path: readonly string[], env: Env): unknown {
  return substituteEnv(text, env, () => {}, path)
}
