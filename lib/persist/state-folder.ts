import { mkdir, open, readdir, readFile, realpath, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runInSlices } from '../config/slices.ts'
import { MOCK_ERR_PERSIST_UNREADABLE } from '../errors.ts'
import { isObject } from '../schema/subschemas.ts'
import { decodeRecords, encodeRecord } from './record-line.ts'

/** First line of each file. */
const HEADER = { format: 'fastify-mock-server state', version: 1 }

export const HEADER_LINE = encodeRecord(HEADER)

/** What a folder holds: `snapshot-3.jsonl` is what all was when `journal-3.jsonl` began, which tells what happened since. */
export interface StateFiles {
  /** All records, of the snapshot and then of the journals, in order. */
  readonly records: readonly unknown[]
  /** Number of the journal to go on with. */
  readonly number: number
  /** Its length in bytes, 0 where there is none yet. */
  readonly size: number
  /** What was cut off, in words. */
  readonly torn: readonly string[]
}

export const journalPath = (folder: string, number: number): string => join(folder, `journal-${number}.jsonl`)
const snapshotPath = (folder: string, number: number): string => join(folder, `snapshot-${number}.jsonl`)

/** Makes the folder where there is none. Its real path. */
export async function makeFolder (folder: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  return realpath(folder)
}

/**
 * Reads what the folder holds, and cuts off what was not written whole: that is what a crash leaves at the end of a journal. What is
 * cut off is kept beside, as `journal-3.jsonl.torn`.
 *
 * @throws MOCK_ERR_PERSIST_UNREADABLE where a snapshot is missing or damaged, which no crash does
 */
export async function readState (folder: string): Promise<StateFiles> {
  const names = await readdir(folder)
  const numbers = (kind: string) => names.flatMap(name => new RegExp(`^${kind}-(\\d+)\\.jsonl$`).exec(name)?.[1] ?? []).map(Number).sort((a, b) => a - b)
  const start = numbers('snapshot').at(-1)
  const journals = numbers('journal').filter(number => number >= (start ?? 0))
  if (start === undefined && journals.length > 0 && journals[0] !== 1) throw new MOCK_ERR_PERSIST_UNREADABLE(folder, `snapshot-${journals[0]}.jsonl is missing`)

  const records: unknown[] = start === undefined ? [] : await readSnapshot(snapshotPath(folder, start), folder)
  const torn: string[] = []
  let number = start ?? 1
  let size = 0
  for (const [index, found] of journals.entries()) {
    const path = journalPath(folder, found)
    // What comes after something that is not whole did not happen.
    if (torn.length > 0 || found !== (start ?? 1) + index) {
      await rename(path, `${path}.torn`)
      torn.push(`all of journal-${found}.jsonl`)
      continue
    }
    const bytes = await readFile(path)
    const decoded = await runInSlices(decodeRecords(bytes))
    const [header, ...rest] = decoded.records
    if (header !== undefined) checkHeader(header, path)
    for (const record of rest) records.push(record)
    number = found
    size = decoded.length
    if (decoded.length === bytes.length) continue
    torn.push(`the last ${bytes.length - decoded.length} bytes of journal-${found}.jsonl`)
    await writeFile(`${path}.torn`, bytes.subarray(decoded.length))
    await truncate(path, decoded.length)
  }
  for (const name of names) if (/\.tmp$|^lock\../.test(name)) await rm(join(folder, name), { force: true })
  await removeBefore(folder, start ?? 1)
  return { records, number, size, torn }
}

async function readSnapshot (path: string, folder: string): Promise<unknown[]> {
  const bytes = await readFile(path)
  const { records, length } = await runInSlices(decodeRecords(bytes))
  const [header, ...rest] = records
  const last = rest.pop()
  if (length !== bytes.length || !isObject(last) || last.end !== rest.length) throw new MOCK_ERR_PERSIST_UNREADABLE(folder, `${path} is damaged`)
  checkHeader(header, path)
  return rest
}

function checkHeader (header: unknown, path: string): void {
  if (isObject(header) && header.format === HEADER.format && header.version === HEADER.version) return
  throw new MOCK_ERR_PERSIST_UNREADABLE(path, 'it was written by another program, or a later version')
}

/**
 * Writes a snapshot whole or not at all: aside, forced to the disk, then given its name. What came before it is removed.
 *
 * @param lines pieces of text of moderate length
 */
export async function writeSnapshot (folder: string, number: number, lines: Iterable<string>, count: () => number): Promise<void> {
  const path = snapshotPath(folder, number)
  const aside = `${path}.tmp`
  const file = await open(aside, 'w')
  try {
    await file.appendFile(HEADER_LINE)
    for (const text of lines) await file.appendFile(text)
    await file.appendFile(encodeRecord({ end: count() }))
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(aside, path)
  await syncFolder(folder)
  await removeBefore(folder, number)
}

async function removeBefore (folder: string, number: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const found = /^(?:snapshot|journal)-(\d+)\.jsonl$/.exec(name)?.[1]
    if (found !== undefined && Number(found) < number) await rm(join(folder, name), { force: true })
  }
}

/** Forces names to the disk; where folders cannot be opened (Windows) the file system sees to it. */
export async function syncFolder (folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined)
  if (handle === undefined) return
  try {
    await handle.sync()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'EPERM' || error.code === 'EINVAL' || error.code === 'EISDIR'))) throw error
  } finally {
    await handle.close()
  }
}
