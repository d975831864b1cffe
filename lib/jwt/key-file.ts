import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { JWK } from 'jose'
import { MOCK_ERR_KEYS } from '../errors.ts'
import { messageOf } from '../message-of.ts'
import { algorithmsOf, isKeyPairAlgorithm } from './algorithm.ts'
import { isPrivate, readKeys } from './read-keys.ts'

/** Private keys in a file: a JWK Set that only its owner can read, or PEM where somebody else has written it. */
export function keepKeys (path: string) {
  async function read (): Promise<JWK[] | undefined> {
    let text: string
    try {
      text = await readFile(path, 'utf8')
    } catch (cause) {
      if (isMissing(cause)) return undefined
      throw new MOCK_ERR_KEYS(`'${path}' cannot be read: ${messageOf(cause)}`)
    }
    try {
      return await named(readKeys(text).filter(isPrivate))
    } catch (cause) {
      throw new MOCK_ERR_KEYS(`'${path}' cannot be used: ${messageOf(cause)}`)
    }
  }

  async function write (keys: readonly JWK[], place: (temporary: string) => Promise<void>): Promise<void> {
    const temporary = `${path}.${randomUUID()}`
    try {
      await mkdir(dirname(path), { recursive: true })
      await writeFile(temporary, `${JSON.stringify({ keys }, null, 2)}\n`, { mode: 0o600, flush: true })
      await place(temporary)
    } catch (cause) {
      throw new MOCK_ERR_KEYS(`'${path}' cannot be written: ${messageOf(cause)}`)
    } finally {
      await rm(temporary, { force: true })
    }
  }

  return {
    /** The keys of the file; where there is none, what is made is written. Of two servers that start at once, both get the same keys. */
    async read (make: () => Promise<JWK[]>): Promise<JWK[]> {
      const found = await read()
      if (found !== undefined) return found
      const keys = await make()
      await write(keys, async temporary => {
        await link(temporary, path).catch(error => { if (!isTaken(error)) throw error })
      })
      return await read() ?? keys
    },
    write: (keys: readonly JWK[]): Promise<void> => write(keys, temporary => rename(temporary, path))
  }
}

/** Keys of elsewhere have no id, or no algorithm. */
async function named (keys: readonly JWK[]): Promise<JWK[]> {
  if (keys.length === 0) throw new Error('there is no private key in it')
  const { calculateJwkThumbprint } = await import('jose')
  return await Promise.all(keys.map(async key => ({
    ...key,
    alg: algorithmsOf(key).find(isKeyPairAlgorithm) ?? 'RS256',
    kid: key.kid ?? await calculateJwkThumbprint(key)
  })))
}

const codeOf = (error: unknown): unknown => error instanceof Error && 'code' in error ? error.code : undefined
const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT'
const isTaken = (error: unknown): boolean => codeOf(error) === 'EEXIST'
