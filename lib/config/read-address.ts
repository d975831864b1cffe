/** Longer texts are refused. */
const MAX_BYTES = 64 * 1024 * 1024
const TIMEOUT_MS = 30_000

export const isAddress = (text: string): boolean => /^https?:\/\//i.test(text)

/**
 * Reads a text from the web. Where it comes from was named by the user, and may well be on this machine or its network.
 *
 * @returns the text, and the address that it really came from
 * @throws Error that says why there is none, in words
 */
export async function readAddress (address: string, signal?: AbortSignal): Promise<{ text: string, url: string }> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS)
  try {
    const response = await fetch(address, {
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      headers: { accept: 'application/json, application/yaml, text/yaml, */*;q=0.5' }
    })
    if (!response.ok) throw new Error(`it is answered with ${response.status} ${response.statusText}`.trimEnd())
    return { text: await readBounded(response), url: response.url }
  } catch (error) {
    signal?.throwIfAborted()
    if (timeout.aborted) throw new Error(`no answer within ${TIMEOUT_MS / 1000} seconds`, { cause: error })
    throw error instanceof Error && error.message === 'fetch failed' ? new Error(reasonOf(error.cause), { cause: error }) : error
  }
}

async function readBounded (response: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response.body ?? []) {
    size += part.byteLength
    if (size > MAX_BYTES) throw new Error(`it has more than ${MAX_BYTES} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts).toString()
}

function reasonOf (cause: unknown): string {
  if (!(cause instanceof Error)) return 'there is no connection'
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message
}
