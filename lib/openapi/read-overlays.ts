import { readFile } from 'node:fs/promises'
import { configInvalid } from '../config/invalid.ts'
import { messageOf } from '../message-of.ts'
import { readOverlay, type Overlay } from './overlay.ts'

/**
 * Reads overlays from their files.
 *
 * @param files absolute paths
 * @throws MOCK_ERR_CONFIG_INVALID for one that cannot be read, or is none
 */
export async function readOverlays (files: readonly string[]): Promise<Overlay[]> {
  return await Promise.all(files.map(async file => readOverlay(await read(file), file)))
}

async function read (file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    const message = isMissing ? 'there is no such overlay' : `the overlay cannot be read: ${messageOf(error)}`
    throw configInvalid([{ severity: 'error', code: isMissing ? 'no-file' : 'unreadable', message, hint: `it is looked for at ${file}`, pointer: '', file }], error)
  }
}
