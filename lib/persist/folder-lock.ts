import { randomUUID } from 'node:crypto'
import { open, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout } from 'node:timers/promises'
import { MOCK_ERR_PERSIST_LOCKED } from '../errors.ts'
import { isObject } from '../schema/subschemas.ts'

/** How often a lock shows that its owner is alive, in milliseconds. */
const HEARTBEAT_MS = 1_000

/** An owner that has not shown itself for so long is gone, in milliseconds. */
const STALE_MS = 5_000

/** Folders that this process holds: its own number in a lock file says nothing then. */
const held = new Set<string>()

export interface FolderLock {
  release (): Promise<void>
}

interface Owner {
  readonly pid: number
  readonly host: string
  readonly token: string
}

/**
 * Locks a folder for this process. Node.js has no locks that the system drops with their owner, so it is a file that is touched every
 * second. The lock of a process of this machine that is gone is taken over at once, any other when it has not been touched for five
 * seconds.
 *
 * @param folder absolute, links resolved
 * @param onLost told when somebody else has taken the folder over, as can happen to a process that stood still
 * @throws MOCK_ERR_PERSIST_LOCKED
 */
export async function lockFolder (folder: string, onLost: () => void): Promise<FolderLock> {
  if (held.has(folder)) throw new MOCK_ERR_PERSIST_LOCKED(folder, 'in this process')
  held.add(folder)
  const path = join(folder, 'lock')
  const own: Owner = { pid: process.pid, host: hostname(), token: randomUUID() }
  try {
    if (!await create(path, own)) await takeOver(path, own, folder)
  } catch (error) {
    held.delete(folder)
    throw error
  }

  const isOwn = async () => (await ownerOf(path))?.token === own.token
  const beat = async (): Promise<void> => {
    if (await isOwn()) return await utimes(path, new Date(), new Date())
    clearInterval(timer)
    onLost()
  }
  const timer = setInterval(() => { beat().catch(() => {}) }, HEARTBEAT_MS)
  timer.unref()
  return {
    async release () {
      clearInterval(timer)
      if (await isOwn()) await rm(path, { force: true })
      held.delete(folder)
    }
  }
}

async function create (path: string, owner: Owner): Promise<boolean> {
  try {
    const file = await open(path, 'wx')
    await file.writeFile(JSON.stringify(owner))
    await file.close()
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

async function takeOver (path: string, own: Owner, folder: string): Promise<void> {
  const before = await ownerOf(path)
  if (before === undefined || !isGone(before, own)) {
    const first = await touched(path)
    const who = before === undefined ? 'whose lock is being written' : `process ${before.pid} on ${before.host}`
    for (const end = Date.now() + STALE_MS; Date.now() < end;) {
      await setTimeout(HEARTBEAT_MS / 4)
      if (await touched(path) !== first) throw new MOCK_ERR_PERSIST_LOCKED(folder, who)
    }
  }
  // Of several who come upon it, the last to put its own in its place has it.
  const mine = `${path}.${own.token}`
  await writeFile(mine, JSON.stringify(own))
  await rename(mine, path)
  await setTimeout(20)
  if ((await ownerOf(path))?.token !== own.token) throw new MOCK_ERR_PERSIST_LOCKED(folder, 'which was faster')
}

/** A process of this machine that is not there, or has the number of this one, which has another token. */
function isGone ({ pid, host }: Owner, own: Owner): boolean {
  if (host !== own.host) return false
  if (pid === own.pid) return true
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}

const touched = async (path: string): Promise<number> => (await stat(path).catch(() => undefined))?.mtimeMs ?? 0

/** Undefined where there is none, or it was torn while it was written. */
async function ownerOf (path: string): Promise<Owner | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'))
    if (!isObject(value)) return undefined
    const { pid, host, token } = value
    return typeof pid === 'number' && typeof host === 'string' && typeof token === 'string' ? { pid, host, token } : undefined
  } catch {
    return undefined
  }
}
