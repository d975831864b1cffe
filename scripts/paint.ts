import { styleText } from 'node:util'

export type Style = Parameters<typeof styleText>[0]

/** Colours a text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string

interface Screen {
  isTTY?: boolean
}

/**
 * Colours are for people: on a terminal only, and not where NO_COLOR is set (https://no-color.org).
 *
 * @example
 * createPaint(process.stdout, process.env)('red', '404')
 */
export function createPaint (screen: Screen, env: Readonly<Record<string, string | undefined>>): Paint {
  const enabled = screen.isTTY === true && (env.NO_COLOR ?? '') === ''
  return enabled ? (style, text) => styleText(style, text, { validateStream: false }) : (_style, text) => text
}

/**
 * Text that others wrote (paths, headers, messages with names from a document), safe to show on a terminal: control characters,
 * with which it could move the cursor or forge lines, are shown as what they are.
 */
export function printable (text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]/g, character =>
    `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
