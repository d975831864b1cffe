import { Command, Help } from 'commander'
import { styleText } from 'node:util'
import { addExplain } from './commands/explain.ts'
import { addImport } from './commands/import-openapi.ts'
import { addRoutes } from './commands/routes.ts'
import { addStart } from './commands/start.ts'
import { addToken } from './commands/token.ts'
import { addValidate } from './commands/validate.ts'
import { addVerify } from './commands/verify.ts'
import { name, version } from './package-info.ts'

const EXAMPLES = `
Examples:
  mock-server                                  serve ./mock.json or ./mock.yaml, or a demo
  mock-server mock.json                        serve a configuration
  mock-server openapi.yaml --port 8080         serve an OpenAPI document
  mock-server mocks/ extra.json --latency 50-200
  mock-server validate 'mocks/*.yaml'
  mock-server import-openapi openapi.yaml --out mock.json
  mock-server import-openapi openapi.yaml --out mock.json --update
  mock-server verify openapi.yaml
  mock-server explain GET /users/7 mock.json
  mock-server token admin --url http://localhost:4000
`

const ENVIRONMENT = `
Environment:
  Each flag is a variable as well: --admin-token is MOCK_ADMIN_TOKEN, --no-watch is MOCK_WATCH=off. Flags win.
  NO_COLOR turns colours off.
`

const EXIT_CODES = `
Exit codes:
  0 all is well     1 the configuration is not valid   2 wrong usage
  3 port in use     4 a file or address cannot be had  5 an update met conflicts
  70 a fault of mock-server itself
`

/** commander takes the colours out where they do not belong. */
const HELP_STYLE = { styleTitle: (title: string) => styleText('bold', title, { validateStream: false }) }

/** The whole command line. Commands load what they need when they run: \`--help\` loads none of it. */
export function createProgram (): Command {
  const program = new Command('mock-server')
    .description('Serves mocked APIs from configurations and OpenAPI documents.')
    .version(`${name} ${version}`, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this, or the help of a command')
  prepare(program)
  const start = addStart(program)
  addImport(program.command('import-openapi'))
  addValidate(program)
  addVerify(program)
  addRoutes(program)
  addExplain(program)
  addToken(program)
  // Without a command, \`start\` is meant: its flags belong to the first help that people see.
  program.configureHelp({
    ...HELP_STYLE,
    visibleOptions: command => command === program
      ? [...start.createHelp().visibleOptions(start).filter(({ long }) => long !== '--help'), ...new Help().visibleOptions(program)]
      : new Help().visibleOptions(command)
  })
  program.usage('[start] [files...] [flags]\n       mock-server <command> [flags]')
  program.addHelpText('after', `${EXAMPLES}${ENVIRONMENT}${EXIT_CODES}`)
  return program
}

/** What commander suggests where a command lacks a flag that the first help shows: the very same. */
const UNHELPFUL = /(?<=unknown option '(--[\w-]+)'\n)\(Did you mean \1\?\)/

/** What all commands have in common; inherited by those that are added later. */
export function prepare (program: Command): void {
  program
    .exitOverride()
    .showHelpAfterError('(--help shows what is possible)')
    .configureOutput({ outputError: (text, write) => write(text.replace(UNHELPFUL, "(it is a flag of 'start')")) })
    .configureHelp(HELP_STYLE)
}
