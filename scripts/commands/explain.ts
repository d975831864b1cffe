import { InvalidArgumentError, Option, type Command } from 'commander'
import { addDocumentFlags, type DocumentFlags } from './document-flags.ts'
import { parseCount } from './option-values.ts'

/** The flags of `explain`. */
export interface ExplainFlags extends DocumentFlags {
  header?: Record<string, string | string[]>
  data?: string
  url?: string
  seq?: number
  token?: string
  json?: boolean
}

const MORE = `
The request is sent through everything that others go through, but it counts for nothing and moves no state. What is told: the mistake,
what would mend it, and each endpoint that comes near with its conditions, one by one. With --url, a running server is asked, with the
state that it is in.

The exit code is 0 when an endpoint answers the request, and 1 when it is rejected, or nothing matches.

Examples:
  mock-server explain GET /users/7 mock.yaml
  mock-server explain POST /orders -H 'x-tenant: acme' -d '{"sku": "A1"}'
  mock-server explain POST /orders -d @order.json --url http://localhost:4000
  mock-server explain --seq 17 --url http://localhost:4000
`

export function addExplain (program: Command): void {
  const command = addDocumentFlags(program.command('explain')
    .description('say which endpoint answers a request, or why none does')
    .argument('[request...]', 'method (default: GET), path with query, and then files as for start'))
  command
    .option('-H, --header <header>', "header to send, 'name: value'; repeatable", collectHeader)
    .option('-d, --data <body>', 'body to send, @file for that of a file, - for stdin; JSON where it is JSON')
    .option('--url <address>', 'ask the server that runs there, instead of files')
    .addOption(new Option('--seq <number>', 'explain the request of that number in the log of the server').argParser(parseCount))
    .addOption(new Option('--token <token>', "bearer token of the server's mock control").env('MOCK_ADMIN_TOKEN'))
    .option('--json', 'for machines')
    .addHelpText('after', MORE)
    .action(async (args: string[], flags: ExplainFlags) => {
      if (flags.seq !== undefined && flags.url === undefined) command.error("error: option '--seq' needs '--url <address>', the server whose log it is in", { code: 'commander.missingOption' })
      if (flags.seq === undefined && args.length === 0) command.error("error: missing required argument 'request'", { code: 'commander.missingArgument' })
      if (flags.seq !== undefined && args.length > 0) command.error("error: option '--seq' stands for the request; name none besides", { code: 'commander.conflictingOption' })
      const { explainRequest } = await import('../explain-request.ts')
      process.exitCode = await explainRequest(args, flags)
    })
}

/** One more header; one that comes again has several values. */
export function collectHeader (line: string, earlier: Record<string, string | string[]> = {}): Record<string, string | string[]> {
  const colon = line.indexOf(':')
  if (colon < 1) throw new InvalidArgumentError("It is 'name: value'.")
  const name = line.slice(0, colon).trim().toLowerCase()
  const value = line.slice(colon + 1).trim()
  const before = Object.hasOwn(earlier, name) ? earlier[name] : undefined
  return { ...earlier, [name]: before === undefined ? value : [before, value].flat() }
}
