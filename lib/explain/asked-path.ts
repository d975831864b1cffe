import { toWord, type Word } from './segment-cost.ts'

/** The path of a request, cut into segments. */
export interface AskedPath {
  words: readonly Word[]
  trailingSlash: boolean
}

/** More segments than this are not compared. */
const COMPARED = 32

/**
 * @example
 * askedPath('/users/a%20b/') // { words: [{ text: 'users', … }, { text: 'a b', … }], trailingSlash: true }
 */
export function askedPath (path: string): AskedPath {
  const texts = path.split('/', COMPARED + 1)
  if (texts[0] === '') texts.shift()
  const trailingSlash = path.length > 1 && path.endsWith('/')
  if (texts.at(-1) === '') texts.pop()
  return { words: texts.map(text => toWord(decode(text))), trailingSlash }
}

function decode (text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
