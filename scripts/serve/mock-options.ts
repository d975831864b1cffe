import { randomBytes } from 'node:crypto'
import type { Config } from '../../lib/config.ts'
import { loadConfig } from '../../lib/config/load.ts'
import { isAddress } from '../../lib/config/read-address.ts'
import type { MockPluginOptions } from '../../plugins/mock.ts'
import { documentSettings } from '../commands/document-flags.ts'
import type { StartFlags } from '../commands/start-flags.ts'
import { isLoopback } from './listen.ts'

/** The plugin's options, and the token that was made because others can reach the address. */
export interface MockOptions {
  options: MockPluginOptions
  madeToken: string | undefined
}

interface Surroundings {
  cwd: string
  env: Readonly<Record<string, string | undefined>>
  /** What was read from stdin. */
  texts: Readonly<Record<string, string>>
}

/**
 * Flags become the root of the configuration, which includes the files: what they set counts before what files set, apart from
 * latency and failure rate, which are for endpoints without their own.
 */
export async function mockOptions (files: readonly string[], flags: StartFlags & { watch: boolean }, { cwd, env, texts }: Surroundings): Promise<MockOptions> {
  const { prefix, watch, seed, latency, failureRate, bodyLimit, validate, situation, profile } = flags
  const include = [...files]
  const configured = needsPeek(flags) ? await peek(include, { cwd, env, texts }) : {}
  const { control, madeToken } = controlOf(flags, configured.control)
  const defaults = {
    ...latency !== undefined && { latency_ms: latency },
    ...failureRate !== undefined && { failure_rate: failureRate }
  }
  const options: MockPluginOptions = {
    include,
    cwd,
    env,
    texts,
    watch,
    warm: flags.warm !== false,
    ...prefix !== undefined && { prefix },
    ...seed !== undefined && { seed },
    ...validate !== undefined && { validate },
    ...situation !== undefined && { situation },
    ...profile !== undefined && { profile },
    ...bodyLimit !== undefined && { body_limit: bodyLimit },
    ...documentSettings(flags, cwd),
    ...Object.keys(defaults).length > 0 && { defaults },
    ...flags.maxLog !== undefined && { log: { ...configured.log, max_entries: flags.maxLog } },
    ...control !== undefined && { control }
  }
  return { options, madeToken }
}

/** A flag may set a part of what a file sets the rest of. */
const needsPeek = ({ host, adminToken, maxLog }: StartFlags): boolean => !isLoopback(host) || adminToken !== undefined || maxLog !== undefined

/** What the configuration says for the whole server. What is wrong with it is told when it is loaded in earnest. */
async function peek (include: readonly string[], { cwd, env, texts }: Surroundings): Promise<Config> {
  try {
    const withoutDocuments = async () => ({ config: {}, warnings: [], files: [] })
    return (await loadConfig({ include: include.filter(path => !isAddress(path)) }, { cwd, env, texts, importOpenApi: withoutDocuments })).config
  } catch {
    return {}
  }
}

function controlOf ({ admin, adminToken, host }: StartFlags, configured: Config['control']): { control: Config['control'], madeToken: string | undefined } {
  if (!admin) return { control: false, madeToken: undefined }
  if (adminToken !== undefined) return { control: { ...configured === false ? {} : configured, token: adminToken }, madeToken: undefined }
  if (isLoopback(host) || configured === false || configured?.token !== undefined) return { control: undefined, madeToken: undefined }
  const madeToken = randomBytes(18).toString('base64url')
  return { control: { ...configured, token: madeToken }, madeToken }
}
