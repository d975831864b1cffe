import { Option, type Command } from 'commander'
import { addDocumentFlags, type DocumentFlags } from './document-flags.ts'

/** The flags of `token`. */
export interface TokenFlags extends DocumentFlags {
  scheme?: string
  claim?: Record<string, unknown>
  mistake?: string
  expiresIn?: number
  header?: boolean
  url?: string
  token?: string
}

const MORE = `
A persona is one of \`personas\` in the configuration, or something that is to be wrong: expired, 'not yet valid', 'wrong audience',
'wrong issuer', 'bad signature', 'alg none', 'unknown key', 'algorithm confusion', malformed.

Keys that are kept nowhere are gone with the process that made them: a token of files is good where the configuration has
\`signing_keys: { file: ... }\`, or keys of its own for the scheme. With --url, the server that runs signs it itself.

Examples:
  mock-server token admin mock.yaml
  mock-server token admin --url http://localhost:4000
  mock-server token admin --url http://localhost:4000 --claim tenant=acme --claim 'roles=["viewer"]'
  curl localhost:4000/orders -H "$(mock-server token expired --header --url http://localhost:4000)"
`

export function addToken (program: Command): void {
  addDocumentFlags(program.command('token')
    .description('print a token to call a mocked API with')
    .argument('<persona>', 'who calls')
    .argument('[files...]', 'as for start'))
    .option('--scheme <name>', 'security scheme that the token is for; default: the first that takes tokens')
    .option('--claim <claim>', "one more claim, 'name=value'; repeatable; JSON where it is JSON", collectClaim)
    .option('--mistake <mistake>', 'what is to be wrong with it')
    .addOption(new Option('--expires-in <seconds>', 'how long it lasts').argParser(Number))
    .option('--header', 'print the whole header that carries it')
    .option('--url <address>', 'ask the server that runs there, instead of files')
    .addOption(new Option('--token <token>', "bearer token of the server's mock control").env('MOCK_ADMIN_TOKEN'))
    .addHelpText('after', MORE)
    .action(async (persona: string, files: string[], flags: TokenFlags) => {
      const { printToken } = await import('../print-token.ts')
      process.exitCode = await printToken(persona, files, flags)
    })
}

function collectClaim (text: string, earlier: Record<string, unknown> = {}): Record<string, unknown> {
  const [name = '', ...rest] = text.split('=')
  const value = rest.join('=')
  return { ...earlier, [name]: parsed(value) }
}

function parsed (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
