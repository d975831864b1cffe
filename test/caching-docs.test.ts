import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { parse } from 'yaml'
import type { Config } from '../lib/config.ts'
import { build } from './helper.ts'

const page = await readFile(new URL('../docs/caching.md', import.meta.url), 'utf8')

/** A configuration, and the requests below it, each with its status and perhaps a header. */
const examples = [...page.matchAll(/```yaml\n(.*?)```\n\n((?: {4}curl [^\n]*\n)+)/gs)]
const REQUEST = /^ {4}curl (?:-X (\w+) )?localhost:3000(\S+)(?: -H '([^:]+): ([^']+)')?(?: -d '([^']+)')? +# (\d{3})(?: {2}([\w-]+): (.*))?$/gm

t.test('the examples of docs/caching.md', async t => {
  t.equal(examples.length, 2)
  for (const [, config = '', requests = ''] of examples) {
    const app = await build(t, parse(config) as Config)
    app.mock.clock.freeze()
    const lines = [...requests.matchAll(REQUEST)]
    t.equal(lines.length, requests.trimEnd().split('\n').length)
    for (const [line, method = 'GET', url = '', name, value, payload, status, header, told] of lines) {
      const answer = await app.inject({ method: method as 'GET', url, headers: name === undefined ? {} : { [name]: value }, ...payload !== undefined && { payload } })
      t.equal(String(answer.statusCode), status, line)
      if (header !== undefined) t.equal(answer.headers[header], told, line)
    }
  }
})

t.test('its test', async t => {
  const [, config = ''] = examples[1] ?? []
  const [, code = ''] = /```js\n(.*?)```/s.exec(page) ?? []
  const folder = t.testdir({ 'example.mjs': `import assert from 'node:assert/strict'\nexport default async ({ app, mock }) => {\n${code}}\n` })
  const app = await build(t, parse(config) as Config)
  app.mock.clock.freeze()
  const { default: run } = await import(pathToFileURL(join(folder, 'example.mjs')).href)
  await t.resolves(run({ app, mock: app.mock }))
})
