import type { Command } from 'commander'

const MORE = `
Examples:
  mock-server routes
  mock-server routes openapi.yaml --json | jq '.[].sample'
`

export function addRoutes (program: Command): void {
  program.command('routes')
    .description('print the endpoints that would be served')
    .argument('[files...]', 'as for start')
    .option('--json', 'for machines')
    .addHelpText('after', MORE)
    .action(async (files: string[], { json = false }: { json?: boolean }) => {
      const { printRoutes } = await import('../print-routes.ts')
      await printRoutes(files, json)
    })
}
