import { readFile } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Endpoint, WrittenEndpoint } from '../config.ts'
import { MOCK_ERR_NOT_SAVED } from '../errors.ts'
import { editFile, type Edit } from './edit.ts'
import type { Env } from './env.ts'
import { literal } from './literal.ts'
import type { LoadedConfig, Origin } from './load.ts'
import { parseSource } from './source.ts'

/** What an edit did to an endpoint since its file was read. `before` and `after` are complete, with defaults and id. */
export type Change =
  | { op: 'add', endpoint: WrittenEndpoint, after: Endpoint }
  | { op: 'replace', before: Endpoint, after: Endpoint, origin: Origin }
  | { op: 'remove', origin: Origin }

/**
 * Writes edits of endpoints back to the files that they come from; what did not change keeps its comments, order and layout.
 * New endpoints, and those that take the place of one from an OpenAPI document, go to the end of the first configuration file.
 *
 * @param files the files of the configuration, in the order in which they were read
 * @returns the files written
 * @throws MOCK_ERR_NOT_SAVED when there is no file for one of them; then none is written
 */
export async function saveChanges (changes: Iterable<Change>, files: readonly string[], env: Env = {}): Promise<string[]> {
  const edits = new Map<string, Edit[]>()
  const put = (file: string, edit: Edit) => edits.set(file, [...edits.get(file) ?? [], edit])
  let home: { file: string, list: string } | undefined

  for (const change of changes) {
    const isWritten = change.op !== 'add' && change.origin.file !== undefined && isOwnEndpoint(change.origin.pointer)
    if (change.op === 'remove') {
      if (!isWritten) throw new MOCK_ERR_NOT_SAVED(`${nameOf(change.origin)} does not stand in a configuration file; disable it instead`)
      put(change.origin.file ?? '', { op: 'remove', pointer: change.origin.pointer })
    } else if (change.op === 'replace' && isWritten) {
      put(change.origin.file ?? '', { op: 'replace', pointer: change.origin.pointer, value: asWritten(change) })
    } else {
      home ??= await homeOf(files)
      put(home.file, { op: 'add', pointer: `${home.list}/-`, value: literal(change.op === 'add' ? change.endpoint : change.after) })
    }
  }
  for (const [file, list] of edits) await editFile(file, inOrder(list), env)
  return [...edits.keys()]
}

/**
 * Makes sure that the files still say what the edits were made on: places in them are positions in a list, and somebody may have
 * written to them since.
 *
 * @throws MOCK_ERR_NOT_SAVED when they do not
 */
export function assertUnchanged (changes: Iterable<Change>, fresh: LoadedConfig): void {
  for (const change of changes) {
    if (change.op === 'add' || change.origin.file === undefined) continue
    const { file, pointer, endpoint } = change.origin
    const now = fresh.origins.find(origin => origin.file === file && origin.pointer === pointer)
    if (now === undefined || !isDeepStrictEqual(now.endpoint, endpoint)) {
      throw new MOCK_ERR_NOT_SAVED(`${file} has changed since it was read; reload it, and make the edit again`)
    }
  }
}

/** Of an OpenAPI document the pointer leads to an operation, which is not ours to write. */
const isOwnEndpoint = (pointer: string): boolean => /^(\/endpoints)?\/\d+$/.test(pointer)

const nameOf = (origin: Origin): string => origin.file === undefined ? 'an endpoint that is given in code' : `${origin.file} ${origin.pointer}`

/** Only what an edit changed is written: defaults and made-up ids stay where they came from. */
function asWritten ({ before, after, origin }: Extract<Change, { op: 'replace' }>): Record<string, unknown> {
  const written: Record<string, unknown> = { ...origin.endpoint }
  const old: Record<string, unknown> = { ...before }
  const next: Record<string, unknown> = { ...after }
  for (const key of Object.keys({ ...old, ...next })) {
    if (isDeepStrictEqual(old[key], next[key])) continue
    if (next[key] === undefined) delete written[key]
    else written[key] = literal(next[key])
  }
  return written
}

async function homeOf (files: readonly string[]): Promise<{ file: string, list: string }> {
  for (const file of files) {
    const { kind, value } = parseSource(await readFile(file, 'utf8'), { file })
    if (kind === 'config') return { file, list: Array.isArray(value) ? '' : '/endpoints' }
  }
  throw new MOCK_ERR_NOT_SAVED('there is no configuration file to add to')
}

/** Removals come last and from the end, because each moves those behind it. */
function inOrder (edits: readonly Edit[]): Edit[] {
  const index = (edit: Edit) => Number(/\d+$/.exec(edit.pointer)?.[0])
  const removals = edits.filter(({ op }) => op === 'remove').sort((a, b) => index(b) - index(a))
  return [...edits.filter(({ op }) => op !== 'remove'), ...removals]
}
