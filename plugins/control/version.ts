import { createRequire } from 'node:module'

/** The package's own version; by its name, because the path to package.json is another once it is built. */
export function packageVersion (): string {
  const { version }: { version: string } = createRequire(import.meta.url)('fastify-mock-server/package.json')
  return version
}
