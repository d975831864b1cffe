import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

// The package asks for itself by name, which leads to its root from the sources and from dist alike.
const manifest = createRequire(import.meta.url).resolve('fastify-mock-server/package.json')

const { name, version }: { name: string, version: string } = JSON.parse(readFileSync(manifest, 'utf8'))

export { name, version }

/** What is served when nothing else is there. */
export const demoFile = join(dirname(manifest), 'fixtures', 'demo.yaml')
