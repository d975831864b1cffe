import { Option, type Command } from 'commander'

/** The flags of `import-openapi`. */
export interface ImportFlags {
  out?: string
  force?: boolean
  basePath?: 'keep' | 'strip' | 'both'
}

const MORE = `
The configuration is complete on its own and meant to be edited. What could not be taken over is told on stderr.
The exit code is 0 when there is a configuration, even where operations were degraded, and 1 when there is none.

Examples:
  import-openapi openapi.yaml --out mock.json
  import-openapi https://example.com/openapi.json --out mock.yaml --force
  curl -s https://example.com/openapi.json | mock-server import-openapi - > mock.json
`

/** Makes a command the import; a subcommand or a program of its own. */
export function addImport (command: Command): void {
  command
    .description('convert an OpenAPI document (2.0, 3.0, 3.1, 3.2) to a configuration')
    .argument('<document>', 'path or URL of the document, or - for stdin')
    .option('-o, --out <file>', 'write to this file, YAML if it ends so (default: to stdout)')
    .option('-f, --force', 'replace the file if there is one')
    .addOption(new Option('--base-path <mode>', "whether the servers' own path stands before the paths (default: both)").choices(['keep', 'strip', 'both']))
    .addHelpText('after', MORE)
    .action(async (document: string, flags: ImportFlags) => {
      const { importDocumentTo } = await import('../import-document.ts')
      await importDocumentTo(document, flags)
    })
}
