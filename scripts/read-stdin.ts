import { text } from 'node:stream/consumers'

/** All of stdin; a person who waits for it is told how to end it. */
export async function readStdin (): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('reading from the terminal; end it with Ctrl-D\n')
  return await text(process.stdin)
}
