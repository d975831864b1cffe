import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL, fileURLToPath } from 'node:url'
import t from 'tap'
import { parse } from 'yaml'
import type { Config } from '../lib/config.ts'
import { listen } from './helper.ts'

const doc = await readFile(new URL('../docs/verification.md', import.meta.url), 'utf8')

/** Blocks of code with what stands behind their fences, and a text block that follows a failing one. */
const blocks = [...doc.matchAll(/^```(\w+)(?: (\w+))?\n(.*?)^```$/gms)].map(([, language = '', role, text = '']) => ({ language, role, text }))

const config: Config = parse(blocks.find(({ role }) => role === 'config')?.text ?? '')
const client = pathToFileURL(fileURLToPath(new URL('../lib/client/index.ts', import.meta.url))).href

/** A module of a block, as a reader would have it around. */
function moduleOf (text: string): string {
  const imports = text.split('\n').filter(line => line.startsWith('import '))
  const rest = text.split('\n').filter(line => !line.startsWith('import ')).join('\n')
  return `import assert from 'node:assert/strict'
import { Type } from 'typebox'
${imports.join('\n').replaceAll('fastify-mock-server/client', client)}
export default async ({ app, mock, url }) => {
${rest}
}
`
}

const runnable = blocks.filter(({ role }) => role === 'run' || role === 'fails')
const folder = t.testdir(Object.fromEntries(runnable.map(({ text }, index) => [`block-${index}.ts`, moduleOf(text)])))

t.test('the examples of the page on verification do what it says', async t => {
  t.ok(runnable.length > 8)
  for (const [index, block] of runnable.entries()) {
    await t.test(block.text.trim().split('\n').at(-1) ?? '', async t => {
      const { app, url } = await listen(t, config)
      const { default: run } = await import(pathToFileURL(join(folder, `block-${index}.ts`)).href)
      if (block.role === 'run') return t.resolves(run({ app, mock: app.mock, url }))
      const shown = blocks[blocks.indexOf(block) + 1]
      await t.rejects(run({ app, mock: app.mock, url }), { code: 'MOCK_ERR_VERIFICATION', message: shown?.text.trimEnd() })
    })
  }
})
