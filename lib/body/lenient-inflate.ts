import { Transform, type TransformCallback } from 'node:stream'
import { createInflate, createInflateRaw, type Inflate, type InflateRaw } from 'node:zlib'

/**
 * Undoes `deflate`, which some senders take for the bare deflate format, without the zlib wrapping that it stands for (RFC 9110,
 * section 8.4.1.2): the first byte tells. What follows the compressed data is left alone, as Node's own inflaters leave it.
 */
export class LenientInflate extends Transform {
  #inner: Inflate | InflateRaw | undefined
  #isEnded = false
  /** To be called when the chunk that is being inflated, or all of it, is through. */
  #waiting: TransformCallback | undefined

  override _transform (chunk: Buffer, _encoding: BufferEncoding, callback: TransformCallback): void {
    if (this.#isEnded) return callback()
    this.#inner ??= this.#begin(((chunk[0] ?? 0) & 0x0F) === 8)
    this.#waiting = callback
    // A chunk with more in it than the compressed data is never told to be through: then the end is.
    this.#inner.write(chunk, error => { if (error == null) this.#proceed() })
  }

  override _flush (callback: TransformCallback): void {
    if (this.#inner === undefined || this.#isEnded) return callback()
    this.#waiting = callback
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
    inner.on('end', () => {
      this.#isEnded = true
      this.#proceed()
    })
    return inner
  }

  #proceed (): void {
    const callback = this.#waiting
    this.#waiting = undefined
    callback?.()
  }
}
