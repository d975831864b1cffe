import type { Part } from './multipart.ts'

/** What templates see of an uploaded file. Its content is there when asked for by name; an echo of the whole body leaves it out. */
export interface UploadedFile {
  /** As the client calls it; '' where it does not. */
  readonly filename: string
  /** Without parameters, in lower case; application/octet-stream where the client tells none. */
  readonly content_type: string
  /** In bytes. */
  readonly size: number
  /** The content. */
  readonly data: Buffer
  /** The content as base64. */
  readonly base64: string
  /** The content read as UTF-8. */
  readonly text: string
  /** Headers of the part; names in lower case. */
  readonly headers: Readonly<Record<string, string>>
}

/** Above this size a file's content does not become text for the validation's sake. */
const READ_AS_TEXT = 64 * 1024

const files = new WeakSet<object>()

export const isUploadedFile = (value: unknown): value is UploadedFile => typeof value === 'object' && value !== null && files.has(value)

export function uploadedFile (part: Part, contentType: string): UploadedFile {
  const { data, headers, filename = '' } = part
  const file = { filename, content_type: contentType, size: data.length }
  files.add(file)
  // The seam: the properties are added to the object itself.
  return Object.defineProperties(file, {
    data: { value: data },
    headers: { value: headers },
    base64: { get: () => data.toString('base64') },
    text: { get: () => data.toString('utf8') }
  }) as UploadedFile
}

/**
 * What a file is for the validation: `type: string, format: binary` is about a string of one character for each byte, so that
 * `minLength` and `maxLength` count bytes. Of a large file only the length is true.
 */
export function validatedAs (file: UploadedFile): string {
  return file.size <= READ_AS_TEXT ? file.data.toString('latin1') : ' '.repeat(file.size)
}
