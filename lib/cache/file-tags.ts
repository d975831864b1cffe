import { fileBody, type FileState } from './body.ts'
import { streamedEntityTag } from './entity-tag.ts'

/** So many files are read once; the one not asked for for longest is read anew. */
const MOST_FILES = 1_000

export type FileTags = (strength: 'strong' | 'weak', file: FileState, contentType: string) => Promise<string>

/** Tags of files, made of their contents: of each file once, until it is written to. */
export function createFileTags (): FileTags {
  const known = new Map<string, Promise<string>>()
  return (strength, file, contentType) => {
    const key = JSON.stringify([strength, file.path, file.size, file.modified, contentType])
    const tag = known.get(key) ?? read(strength, file, contentType)
    known.delete(key)
    known.set(key, tag)
    tag.catch(() => known.delete(key))
    const [oldest] = known.keys()
    if (known.size > MOST_FILES && oldest !== undefined) known.delete(oldest)
    return tag
  }
}

function read (strength: 'strong' | 'weak', file: FileState, contentType: string): Promise<string> {
  const chunks = file.size === 0 ? [] : fileBody(file).read({ first: 0, last: file.size - 1 })
  return streamedEntityTag(strength, piecesOf(chunks), contentType)
}

async function * piecesOf (chunks: Iterable<Buffer> | Buffer | AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  if (Buffer.isBuffer(chunks)) yield chunks
  else yield * chunks
}
