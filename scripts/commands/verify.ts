import type { Command } from 'commander'
import { addDocumentFlags, type DocumentFlags } from './document-flags.ts'

export interface VerifyFlags extends DocumentFlags {
  allowBrokenExamples?: boolean
  json?: boolean
}

const MORE = `
Every answer of every operation is rendered as it would be sent, and validated against its schema: examples, and what is generated.
The exit code is 1 when one does not fit. Documents' own examples often do not: they are sent as they are, and told here with
their place. To have bodies generated in their stead: import-openapi --examples generate-broken.

Examples:
  mock-server verify openapi.yaml
  mock-server verify openapi.yaml --allow-broken-examples
  mock-server verify mock.json --json | jq '.broken[].place'
`

export function addVerify (program: Command): void {
  addDocumentFlags(program.command('verify')
    .description('prove that every answer fits the schema that it is declared with')
    .argument('[files...]', 'as for start')
    .option('--allow-broken-examples', "do not fail for an OpenAPI document's own examples"))
    .option('--json', 'for machines')
    .addHelpText('after', MORE)
    .action(async (files: string[], flags: VerifyFlags) => {
      const { verifyFiles } = await import('../verify-files.ts')
      process.exitCode = await verifyFiles(files, flags)
    })
}
