import { readFile } from 'node:fs/promises'
import t from 'tap'
import * as errors from '../lib/errors.ts'

t.test('every error is documented, and every documented error exists', async t => {
  const text = await readFile(new URL('../docs/errors.md', import.meta.url), 'utf8')
  const documented = [...text.matchAll(/^## (\w+)$/gm)].map(([, code]) => code)
  t.same([...documented].sort(), Object.keys(errors).sort())
})

t.test('every error is called what its code says', async t => {
  for (const [name, constructor] of Object.entries(errors)) t.equal(new constructor().code, name)
})
