import type { Command } from 'commander'
import { addDocumentFlags, type DocumentFlags } from './document-flags.ts'

export interface RoutesFlags extends DocumentFlags {
  json?: boolean
}

const MORE = `
Examples:
  mock-server routes
  mock-server routes openapi.yaml --json | jq '.[].sample'
`

export function addRoutes (program: Command): void {
  addDocumentFlags(program.command('routes')
    .description('print the endpoints that would be served')
    .argument('[files...]', 'as for start'))
    .option('--json', 'for machines')
    .addHelpText('after', MORE)
    .action(async (files: string[], flags: RoutesFlags) => {
      const { printRoutes } = await import('../print-routes.ts')
      await printRoutes(files, flags)
    })
}
