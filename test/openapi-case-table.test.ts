import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'

const root = join(import.meta.dirname, '..')

/** The numbers of the rows. */
async function rows (): Promise<number[]> {
  const table = await readFile(join(root, 'docs/openapi-cases.md'), 'utf8')
  return [...table.matchAll(/^\| (\d+) \|/gm)].map(([, number]) => Number(number))
}

/** The numbers that tests begin their names with: `case 46: ...`. */
async function tested (): Promise<Set<number>> {
  const names = (await readdir(join(root, 'test'))).filter(name => name.endsWith('.test.ts'))
  const texts = await Promise.all(names.map(async name => await readFile(join(root, 'test', name), 'utf8')))
  return new Set(texts.flatMap(text => [...text.matchAll(/\.test\(\s*['"`]case (\d+)[: ]/g)].map(([, number]) => Number(number))))
}

t.test('the table of cases has each case once, in order', async t => {
  t.same(await rows(), Array.from({ length: 86 }, (_, index) => index + 1))
})

t.test('each case of the table has a test of its number', async t => {
  const numbers = await tested()
  t.same((await rows()).filter(number => !numbers.has(number)), [])
})
