import type { Command } from 'commander'
import { addDocumentFlags, type DocumentFlags } from './document-flags.ts'

export interface ValidateFlags extends DocumentFlags {
  json?: boolean
}

const MORE = `
Everything that start would refuse is told, with file, line and column, and what it would only warn of besides.
The exit code is 1 when there are errors, 0 when there are none or warnings alone.

Examples:
  mock-server validate mocks/*.yaml
  mock-server validate openapi.yaml --json
`

export function addValidate (program: Command): void {
  addDocumentFlags(program.command('validate')
    .description('say what is wrong with configurations and OpenAPI documents')
    .argument('[files...]', 'as for start'))
    .option('--json', 'for machines')
    .addHelpText('after', MORE)
    .action(async (files: string[], flags: ValidateFlags) => {
      const { validateFiles } = await import('../validate-files.ts')
      process.exitCode = await validateFiles(files, flags)
    })
}
