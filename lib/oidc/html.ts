import { createHash } from 'node:crypto'
import type { OidcAnswer } from './call.ts'

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Text that stands in HTML as it is. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, sign => ENTITIES[sign] ?? sign)

const STYLE = `
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1rem;font:16px/1.5 system-ui,sans-serif;color:#1d2433;background:#eef1f6}
main{width:100%;max-width:26rem;padding:2rem;background:#fff;border:1px solid #d8deea;border-radius:12px}
h1{margin:0 0 .25rem;font-size:1.4rem}
h2{margin:1.5rem 0 .5rem;font-size:1rem}
p{margin:.25rem 0 1rem;color:#4a5468}
ul{list-style:none;margin:0;padding:0;display:grid;gap:.5rem}
label{display:block;margin:.75rem 0 .25rem;font-weight:600}
input{width:100%;padding:.6rem .7rem;font:inherit;color:inherit;background:#fff;border:1px solid #8a94a8;border-radius:8px}
button{width:100%;padding:.6rem .9rem;font:inherit;color:inherit;text-align:left;background:#fff;border:1px solid #8a94a8;border-radius:8px;cursor:pointer}
button:hover{background:#f2f5fb}
button small{display:block;color:#4a5468}
button.main{margin-top:1rem;text-align:center;font-weight:600;color:#fff;background:#2450b8;border-color:#2450b8}
button.main:hover{background:#1b3f94}
button.plain{margin-top:1rem;text-align:center;border-color:transparent;text-decoration:underline}
:focus-visible{outline:3px solid #f0a020;outline-offset:2px}
[role=alert]{padding:.6rem .8rem;color:#7a1020;background:#fdeaed;border-radius:8px}
`

/** Sends a form as soon as it is there; without scripts, its button does. */
const SEND = 'document.forms[0].submit()'

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; style-src ${hashOf(STYLE)}; script-src ${hashOf(SEND)}; base-uri 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff'
}

export interface PageOptions {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Sends its first form by itself. */
  readonly isSent?: boolean
}

/**
 * A page that needs no scripts.
 *
 * @param body HTML, in which all that is not ours is escaped
 */
export function page (title: string, body: string, { status = 200, headers = {}, isSent = false }: PageOptions = {}): OidcAnswer {
  const text = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>${isSent ? `<script>${SEND}</script>` : ''}</body>
</html>
`
  return { status, headers: { ...HEADERS, ...headers }, body: text }
}

/** A page that says one thing. */
export const notice = (title: string, text: string, options?: PageOptions): OidcAnswer => page(title, `<p>${escapeHtml(text)}</p>`, options)

export const hidden = (name: string, value: string): string => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`

export const alert = (text: string | undefined): string => text === undefined ? '' : `<p role="alert">${escapeHtml(text)}</p>`
