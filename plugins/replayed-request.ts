import { IncomingMessage } from 'node:http'

/**
 * A raw request whose body has been read, to be read once more by whoever answers it next. The body is the one that was read: what
 * came compressed is inflated by now, whatever the headers say, which are told as they came.
 */
export class ReplayedRequest extends IncomingMessage {
  /** Fastify holds it against the content length, which was seen to the first time. */
  readonly receivedEncodedLength: number
  private rest: Buffer | null

  constructor (original: IncomingMessage, body: string | Buffer) {
    super(original.socket)
    this.method = original.method
    this.url = original.url
    this.headers = original.headers
    this.rawHeaders = original.rawHeaders
    this.httpVersion = original.httpVersion
    this.httpVersionMajor = original.httpVersionMajor
    this.httpVersionMinor = original.httpVersionMinor
    this.complete = true
    this.receivedEncodedLength = Number(original.headers['content-length'] ?? 0)
    this.rest = Buffer.from(body)
  }

  /** A message that came over a socket would let the socket go on here. */
  override _read (): void {
    const { rest } = this
    this.rest = null
    if (rest !== null && rest.length > 0) this.push(rest)
    this.push(null)
  }

  /** Nor is the socket its own to close. */
  override _destroy (error: Error | null, callback: (error?: Error | null) => void): void {
    callback(error)
  }
}
