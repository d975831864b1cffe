import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'

/** An OpenAPI document of the shared fixtures. */
export interface Document {
  name: string
  file: string
}

interface Manifest {
  openapi: Array<{ name: string, entry: string }>
  suites: Array<{ path: string }>
}

/** The documents that the manifest names, and each document of the suites that it names: files that say `openapi` or `swagger`. */
export async function documentsOf (fixtures: string): Promise<Document[]> {
  const manifest: Manifest = JSON.parse(await readFile(join(fixtures, 'manifest.json'), 'utf8'))
  const named = manifest.openapi.map(({ name, entry }) => ({ name, file: join(fixtures, 'openapi', entry) }))
  const suites = manifest.suites.filter(({ path }) => path.startsWith('openapi/'))
  const lists = await Promise.all(suites.map(async ({ path }) => documentsBelow(join(fixtures, path), fixtures)))
  return [...named, ...lists.flat()]
}

async function documentsBelow (folder: string, fixtures: string): Promise<Document[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const documents: Document[] = []
  for (const entry of entries) {
    if (!entry.isFile() || !/\.(json|ya?ml)$/.test(entry.name)) continue
    const file = join(entry.parentPath, entry.name)
    const text = await readFile(file, 'utf8')
    if (/^\s*(\{\s*)?["']?(openapi|swagger)["']?\s*:/m.test(text)) documents.push({ name: relative(join(fixtures, 'openapi'), file), file })
  }
  return documents.sort((a, b) => a.name < b.name ? -1 : 1)
}
