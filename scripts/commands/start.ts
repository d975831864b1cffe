import type { Command } from 'commander'
import { readEnvironment } from './environment.ts'
import { addStartFlags, type StartFlags } from './start-flags.ts'

const MORE = `
Files are configurations or OpenAPI documents, told apart by what is in them; folders and globs stand for the files in them.
Without any, mock.json or mock.yaml of this folder is served, or else a demo.

Examples:
  mock-server start mock.json --port 0 --print-url
  mock-server start openapi.yaml --prefix /api --latency 80-250 --failure-rate 0.01
  mock-server start https://example.com/openapi.json
  curl -s https://example.com/openapi.json | mock-server start -
  mock-server start mocks/ --host 0.0.0.0 --admin-token "$TOKEN"
`

export function addStart (program: Command): Command {
  const command = program.command('start', { isDefault: true })
    .description('serve configurations and OpenAPI documents (the default command)')
    .argument('[files...]', 'configurations, OpenAPI documents (URLs as well), folders or globs; - is stdin')
    .addHelpText('after', MORE)
    .hook('preAction', command => readEnvironment(command, process.env))
    .action(async (files: string[]) => {
      const { start } = await import('../serve/start.ts')
      await start(files, command.opts<StartFlags>())
    })
  addStartFlags(command)
  return command
}
