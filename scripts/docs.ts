import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Config } from '../lib/config.ts'
import { renderReference } from './config-reference.ts'

/** What is generated from the configuration's schema: path from the top of the repository, and text. */
export async function generatedFiles (): Promise<Map<string, string>> {
  const template = await readFile(new URL('config-reference.md', import.meta.url), 'utf8')
  const { $schema, ...schema }: Record<string, unknown> = { ...Config }
  return new Map([
    ['lib/config.schema.json', `${JSON.stringify({ $schema, ...schema }, null, 2)}\n`],
    ['docs/config.md', renderReference(template)]
  ])
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of await generatedFiles()) await writeFile(new URL(`../${path}`, import.meta.url), text)
}
