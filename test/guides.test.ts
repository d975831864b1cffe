import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { findChromium } from './guides/browser.ts'
import { install } from './guides/installation.ts'
import { readGuide } from './guides/read-guide.ts'
import { runGuide } from './guides/run-guide.ts'
import { missingFrom } from './guides/shown-output.ts'

/** On a machine that is busy with other things. */
const TIMEOUT_MS = 170_000
const GUIDES = join(import.meta.dirname, '..', 'docs', 'guides')

t.setTimeout(TIMEOUT_MS)

t.test('output is held against what a guide shows of it', async t => {
  const output = '✔ pays (12.5ms)\n\n  at http://127.0.0.1:40123\nℹ pass 1\nℹ fail 0\n'
  t.equal(missingFrom(output, ['✔ pays (3ms)', 'at http://127.0.0.1:4000']), undefined, 'times, ports and indentation do not count')
  t.equal(missingFrom(output, ['✔ pays (3ms)', '…', 'ℹ fail 0']), undefined, 'lines may be left out where the guide says so')
  t.equal(missingFrom(output, ['✔ pays …']), undefined, 'the rest of a line as well')
  t.equal(missingFrom(output, ['✔ pays (3ms)', 'ℹ fail 0']), '✔ pays\nℹ fail 0', 'and nowhere else')
  t.equal(missingFrom(output, ['ℹ fail 0', '…', 'ℹ pass 1']), 'ℹ pass 1', 'their order counts')
})

t.test('a block of a guide that would not be run is an error', async t => {
  t.throws(() => readGuide('# Guide\n\n```js\nlet x\n```\n'), /line 3: a block that is neither/)
  t.throws(() => readGuide('```console\nhello\n```\n'), /begins with a command/)
  t.throws(() => readGuide('```js title="a.js"\nlet x\n'), /has no end/)
})

t.test('what the guides say is what happens', { jobs: 2, timeout: TIMEOUT_MS }, async t => {
  const folder = await install()
  t.teardown(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }))
  const chromium = findChromium()
  const names = (await readdir(GUIDES)).filter(name => name.endsWith('.md'))
  await Promise.all(names.map(name => {
    const skip = name === 'playwright.md' && chromium === undefined ? 'no Chromium: install it, or name it in CHROMIUM_PATH' : false
    return t.test(name, { skip, timeout: TIMEOUT_MS }, async t => { await runGuide(t, join(GUIDES, name), folder, chromium === undefined ? {} : { CHROMIUM_PATH: chromium }) })
  }))
})
