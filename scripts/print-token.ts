import { MISTAKES } from '../lib/config-keys/security.ts'
import { connect } from '../lib/client/index.ts'
import { messageOf } from '../lib/message-of.ts'
import type { MockSession } from '../lib/mock-session.ts'
import type { TokenOptions } from '../lib/security/auth.ts'
import type { TokenFlags } from './commands/token.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { Failure } from './failure.ts'
import { buildOffline } from './print-routes.ts'

/**
 * The command `token`: prints a token of a persona, by files or by a server that runs.
 *
 * @throws Failure, or MOCK_ERR_CONFIG_INVALID
 */
export async function printToken (persona: string, files: readonly string[], flags: TokenFlags): Promise<ExitCode> {
  const options = optionsOf(flags)
  const text = flags.url === undefined ? await offline(persona, files, flags, options) : await online(flags.url, persona, files, flags, options)
  process.stdout.write(`${text}\n`)
  return EXIT.ok
}

function optionsOf ({ scheme, claim = {}, mistake, expiresIn }: TokenFlags): TokenOptions {
  const known = mistake === undefined ? undefined : MISTAKES.find(name => name === mistake.replaceAll(/[-_]/g, ' '))
  if (mistake !== undefined && known === undefined) throw new Failure(EXIT.usage, `'${mistake}' is nothing that can be wrong with a token`, `it is one of: ${MISTAKES.join(', ')}`)
  if (expiresIn !== undefined && Number.isNaN(expiresIn)) throw new Failure(EXIT.usage, '--expires-in is a number of seconds', '--expires-in 60')
  return { ...claim, ...scheme !== undefined && { scheme }, ...known !== undefined && { mistake: known }, ...expiresIn !== undefined && { expires_in_s: expiresIn } }
}

async function offline (persona: string, files: readonly string[], flags: TokenFlags, options: TokenOptions): Promise<string> {
  const app = await buildOffline(files, flags, process.cwd())
  try {
    const { config } = app.mock
    const text = await tell(app.mock.auth, persona, flags, options)
    if (config.signing_keys?.file === undefined && !hasOwnKeys(config.security_schemes)) {
      process.stderr.write('The key of this token is kept nowhere, so that no server will know it: set `signing_keys: { file: ... }`, or ask the server by --url.\n')
    }
    return text
  } catch (error) {
    throw failureOf(error)
  } finally {
    await app.close()
  }
}

/** Whether tokens are signed with keys that are in the configuration. */
const hasOwnKeys = (schemes: Readonly<Record<string, { readonly jwt?: true | object }>> = {}): boolean =>
  Object.values(schemes).some(({ jwt }) => typeof jwt === 'object' && ['secret', 'key', 'key_file'].some(key => Object.hasOwn(jwt, key)))

async function online (address: string, persona: string, files: readonly string[], flags: TokenFlags, options: TokenOptions): Promise<string> {
  if (files.length > 0) throw new Failure(EXIT.usage, `'${files[0]}' is one file too many: the server has its own`, 'leave out the files, or --url')
  const base = /^https?:\/\//i.test(address) ? address : `http://${address}`
  try {
    const mock = await connect(base, flags.token === undefined ? {} : { token: flags.token })
    return await tell(mock.auth, persona, flags, options)
  } catch (error) {
    throw failureOf(error)
  }
}

async function tell (auth: MockSession['auth'], persona: string, { header }: TokenFlags, options: TokenOptions): Promise<string> {
  if (header !== true) return await auth.token(persona, options)
  return Object.entries(await auth.headers(persona, options)).map(([name, value]) => `${name}: ${value}`).join('\n')
}

const failureOf = (error: unknown): Failure => error instanceof Failure ? error : new Failure(EXIT.io, `there is no token to be had: ${messageOf(error)}`)
