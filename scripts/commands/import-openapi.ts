import { Option, type Command } from 'commander'
import { collectPaths, collectPlace } from './option-values.ts'

/** The flags of `import-openapi`. */
export interface ImportFlags {
  out?: string
  force?: boolean
  update?: boolean
  check?: boolean
  dryRun?: boolean
  prefer?: 'mine' | 'document'
  base?: string
  basePath?: 'keep' | 'strip' | 'both'
  examples?: 'keep' | 'generate-broken'
  allowRefsFrom?: string[]
  overlay?: string[]
  json?: boolean
}

const MORE = `
The configuration is complete on its own and meant to be edited. What could not be taken over is told on stderr.
Beside it stands what the document said (mock.json.base), which --update and --check compare with: keep both.

The exit code is 0 when there is a configuration, even where operations were degraded, and 1 when there is none.
--update ends with 5 when you and the document changed the same; everything else is merged then, and yours kept.
--check ends with 1 when the document has changes that the configuration has not.

Examples:
  import-openapi openapi.yaml --out mock.json
  import-openapi openapi.yaml --out mock.json --update
  import-openapi --check --out mock.json
  import-openapi https://example.com/openapi.json --out mock.yaml --force
  curl -s https://example.com/openapi.json | mock-server import-openapi - > mock.json
`

/** Makes a command the import; a subcommand or a program of its own. */
export function addImport (command: Command): void {
  command
    .description('convert an OpenAPI document (2.0, 3.0, 3.1, 3.2) to a configuration')
    .argument('[document]', 'path or URL of the document, or - for stdin; with --update and --check, the one of last time unless named')
    .option('-o, --out <file>', 'write to this file, YAML if it ends so (default, or -: to stdout)')
    .option('-f, --force', 'replace the file if there is one')
    .option('-u, --update', 'bring what changed in the document into the file, and keep what you changed in it')
    .option('--check', 'write nothing, and end with 1 when --update would change something')
    .option('--dry-run', 'write nothing, and tell what would be')
    .addOption(new Option('--prefer <side>', 'what counts where you and the document changed the same (default: mine, with exit code 5)').choices(['mine', 'document']))
    .option('--base <document>', 'the document as it was when it was last imported (default: what stands beside the file)')
    .addOption(new Option('--base-path <mode>', "whether the servers' own path stands before the paths (default: both)").choices(['keep', 'strip', 'both']))
    .addOption(new Option('--examples <mode>', 'generate-broken: leave out examples that do not fit their schema (default: keep)').choices(['keep', 'generate-broken']))
    .option('--allow-refs-from <place>', 'folder or origin (https://schemas.example.com) that $refs may lead to; repeatable', collectPlace)
    .option('--overlay <file>', 'OpenAPI overlay that changes the document before it is read; repeatable', collectPaths)
    .option('--json', 'tell in JSON, on stdout, what was done; needs --out')
    .addHelpText('after', MORE)
    .action(async (document: string | undefined, { out: file, ...rest }: ImportFlags) => {
      // As for the document, `-` is where a shell has its pipe.
      const out = file === '-' ? undefined : file
      const flags: ImportFlags = { ...rest, ...out !== undefined && { out } }
      const isUpdate = flags.update === true || flags.check === true
      if (document === undefined && !isUpdate) command.error("error: missing required argument 'document'", { code: 'commander.missingArgument' })
      const needsOut = (['update', 'check', 'json', 'dryRun'] as const).find(flag => flags[flag] === true)
      if (out === undefined && needsOut !== undefined) command.error(`error: option '--${needsOut === 'dryRun' ? 'dry-run' : needsOut}' needs '--out <file>', the configuration`, { code: 'commander.missingOption' })
      const needsUpdate = (['prefer', 'base'] as const).find(flag => flags[flag] !== undefined)
      if (!isUpdate && needsUpdate !== undefined) command.error(`error: option '--${needsUpdate}' goes with '--update' or '--check'`, { code: 'commander.conflictingOption' })
      if (isUpdate && out !== undefined) {
        const { updateImport } = await import('../update-import.ts')
        process.exitCode = await updateImport(document, { ...flags, out })
      } else if (document !== undefined) {
        const { importDocumentTo } = await import('../import-document.ts')
        await importDocumentTo(document, flags)
      }
    })
}
