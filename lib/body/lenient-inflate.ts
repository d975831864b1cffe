import { Transform, type TransformCallback } from 'node:stream'
import { createInflate, createInflateRaw, type Inflate, type InflateRaw } from 'node:zlib'

/**
 * Undoes `deflate`, which some senders take for the bare deflate format, without the zlib wrapping that it stands for (RFC 9110,
 * section 8.4.1.2): the first byte tells.
 */
export class LenientInflate extends Transform {
  #inner: Inflate | InflateRaw | undefined

  override _transform (chunk: Buffer, _encoding: BufferEncoding, callback: TransformCallback): void {
    this.#inner ??= this.#begin(((chunk[0] ?? 0) & 0x0F) === 8)
    this.#inner.write(chunk, error => callback(error))
  }

  override _flush (callback: TransformCallback): void {
    if (this.#inner === undefined) return callback()
    this.#inner.once('end', () => callback())
    this.#inner.end()
  }

  override _destroy (error: Error | null, callback: (error: Error | null) => void): void {
    this.#inner?.destroy()
    callback(error)
  }

  #begin (isWrapped: boolean): Inflate | InflateRaw {
    const inner = isWrapped ? createInflate() : createInflateRaw()
    inner.on('data', (chunk: Buffer) => this.push(chunk))
    inner.on('error', error => this.destroy(error))
    return inner
  }
}
