import { open, type FileHandle } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import { MOCK_ERR_PERSIST_FAILED } from '../errors.ts'
import { messageOf } from '../message-of.ts'
import { encodeRecord } from './record-line.ts'
import { HEADER_LINE, journalPath, syncFolder, writeSnapshot } from './state-folder.ts'

export interface JournalOptions {
  readonly folder: string
  /** Of the journal to go on with, and its length. */
  readonly number: number
  readonly size: number
  /** Whether each batch is forced to the disk as soon as it is written. */
  readonly isStrict: boolean
  /** How long written records may wait until they are forced to the disk, in milliseconds; undefined for as long as the system likes. */
  readonly intervalMs: number | undefined
  /** From so many bytes on, a snapshot takes the place of the journal; more where the last snapshot was longer. Default: 1 MiB. */
  readonly compactAt?: number | undefined
  /** All that is, at this moment, as records. What they hold is never changed, so that they can be written later. */
  readonly capture: () => Iterable<object>
  /** Told of a record that is left out, as it holds what JSON has no word for. */
  readonly onOmission: (record: object, error: Error) => void
  /** Told once, when nothing can be written any more. */
  readonly onFailure: (error: Error) => void
}

/** A file that records are added to. */
export interface Journal {
  /** Takes a record; it is written once the present turn of the event loop is over. */
  append (record: object): void
  /** Whether records wait to be written, or to be forced to the disk. */
  readonly isPending: boolean
  /** Settles when all that was taken until now is on the disk. Rejects with MOCK_ERR_PERSIST_FAILED when it cannot be written. */
  flushed (): Promise<void>
  /** Writes no more, and tells so. */
  fail (cause: unknown): void
  close (): Promise<void>
}

const COMPACT_AT = 1024 * 1024

/** So much text is written at once; making it holds the event loop for about a millisecond. */
const PIECE = 256 * 1024

/** Opens the journal. Records are made text, written and synced aside: who appends one pays for an entry in a list. */
export async function openJournal ({ folder, number: first, size: had, isStrict, intervalMs, compactAt = COMPACT_AT, capture, onOmission, onFailure }: JournalOptions): Promise<Journal> {
  let number = first
  let size = had
  let limit = compactAt
  let file: FileHandle = await start(number, had)
  let queue: object[] = []
  /** How many records were taken, written, and forced to the disk. */
  let taken = 0
  let written = 0
  let synced = 0
  let failure: Error | undefined
  let isSyncAsked = false
  let running: Promise<void> | undefined
  let compaction: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let waiters: Array<{ upTo: number, resolve: () => void, reject: (error: Error) => void }> = []

  async function start (number: number, had: number): Promise<FileHandle> {
    const opened = await open(journalPath(folder, number), 'a')
    if (had === 0) {
      await opened.appendFile(HEADER_LINE)
      await opened.sync()
      await syncFolder(folder)
      size = Buffer.byteLength(HEADER_LINE)
    }
    return opened
  }

  function fail (cause: unknown): void {
    if (failure !== undefined) return
    failure = new MOCK_ERR_PERSIST_FAILED(folder, messageOf(cause), { cause })
    queue = []
    clearTimeout(timer)
    for (const { reject } of waiters) reject(failure)
    waiters = []
    onFailure(failure)
  }

  async function write (records: readonly object[]): Promise<void> {
    for (const text of piecesOf(records, onOmission)) {
      await file.appendFile(text)
      size += Buffer.byteLength(text)
    }
    written += records.length
  }

  async function sync (): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const upTo = written
    if (upTo > synced) await file.datasync()
    synced = upTo
    const done = waiters.filter(waiter => waiter.upTo <= synced)
    waiters = waiters.filter(waiter => waiter.upTo > synced)
    for (const { resolve } of done) resolve()
  }

  const hasWork = (): boolean => failure === undefined && (queue.length > 0 || isSyncAsked)

  async function run (): Promise<void> {
    // Whatever the present turn has more to say comes along.
    await setImmediate()
    while (hasWork()) {
      const batch = queue
      queue = []
      await write(batch)
      if (isStrict || isSyncAsked || waiters.length > 0) {
        isSyncAsked = false
        await sync()
      } else if (intervalMs !== undefined && timer === undefined) {
        timer = setTimeout(() => {
          timer = undefined
          isSyncAsked = true
          wake()
        }, intervalMs)
        timer.unref()
      }
      if (size > limit && compaction === undefined) await rotate()
    }
  }

  /** Begins a new journal; what all is at this moment is written aside, and then stands for the old one. */
  async function rotate (): Promise<void> {
    const rest = queue
    queue = []
    const all = [...capture()]
    // Should the snapshot not come about, the old journal and the new one tell the same.
    await write(rest)
    await sync()
    const old = file
    number++
    file = await start(number, 0)
    await old.close()
    let length = 0
    let count = 0
    const counted = function * (): Generator<string> {
      for (const text of piecesOf(all, onOmission, () => count++)) {
        length += text.length
        yield text
      }
    }
    compaction = writeSnapshot(folder, number, counted(), () => count).then(() => {
      limit = Math.max(compactAt, 2 * length)
    }).catch(fail).finally(() => { compaction = undefined })
  }

  function wake (): void {
    running ??= run().catch(fail).finally(() => {
      running = undefined
      if (hasWork()) wake()
    })
  }

  const flushed = async (): Promise<void> => {
    if (failure !== undefined) throw failure
    if (synced === taken) return
    const settled = new Promise<void>((resolve, reject) => waiters.push({ upTo: taken, resolve, reject }))
    isSyncAsked = true
    wake()
    return await settled
  }

  return {
    append (record) {
      if (failure !== undefined) return
      taken++
      queue.push(record)
      wake()
    },
    get isPending () {
      return failure !== undefined || synced < taken
    },
    flushed,
    fail,
    async close () {
      await flushed().catch(() => {})
      await running
      await compaction
      clearTimeout(timer)
      await file.close()
    }
  }
}

/** The text of records, in pieces of moderate length. One that cannot be written costs none of the others. */
function * piecesOf (records: Iterable<object>, onOmission: JournalOptions['onOmission'], onLine: () => void = () => {}): Generator<string> {
  let text = ''
  for (const record of records) {
    try {
      text += encodeRecord(record)
    } catch (error) {
      onOmission(record, error instanceof Error ? error : new Error(String(error)))
      continue
    }
    onLine()
    if (text.length < PIECE) continue
    yield text
    text = ''
  }
  if (text !== '') yield text
}
