import { Option, type Command } from 'commander'
import type { Latency, ValidateMode } from '../../lib/config.ts'
import { VALIDATE_MODES } from '../../lib/validate-mode.ts'
import { documentOptions, type DocumentFlags } from './document-flags.ts'
import { parseCount, parseLatency, parsePort, parsePrefix, parseRate, parseSeed, parseSize } from './option-values.ts'

export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const
export type LogLevel = typeof LOG_LEVELS[number]

/** The flags of `start`, once command line and environment have been read. */
export interface StartFlags extends DocumentFlags {
  port: number
  host: string
  prefix?: string
  cors?: boolean
  bodyLimit?: number
  watch?: boolean
  warm?: boolean
  seed?: number | string
  latency?: Latency
  failureRate?: number
  validate?: ValidateMode
  situation?: string
  profile?: string
  admin: boolean
  adminToken?: string
  maxLog?: number
  quiet?: boolean
  logLevel?: LogLevel
  logFormat?: 'pretty' | 'json'
  readyFile?: string
  printUrl?: boolean
}

/** Flags by the group that `--help` shows them in. */
const GROUPS: Readonly<Record<string, () => Option[]>> = {
  'Address:': () => [
    new Option('-p, --port <number>', 'port to listen on; 0 takes a free one, which is printed').argParser(parsePort).default(4000),
    new Option('-H, --host <address>', 'address to listen on; 0.0.0.0 is all of them, and control then asks for a token').default('127.0.0.1'),
    new Option('--prefix <path>', 'serve everything below this path, as in /api').argParser(parsePrefix),
    new Option('--cors', 'let pages from any origin call what is mocked, never mock control (default: they may)'),
    new Option('--no-cors', 'leave CORS to the endpoints'),
    new Option('--body-limit <size>', 'largest request body, as in 10mb').argParser(parseSize)
  ],
  'Behaviour:': () => [
    new Option('-w, --watch', 'reload when a file changes (default: on a terminal, unless CI is set)'),
    new Option('--no-watch', 'do not'),
    new Option('--no-warm', 'prepare nothing in the background for requests that may come'),
    new Option('--seed <value>', 'make everything random repeatable').argParser(parseSeed),
    new Option('--latency <ms>', 'time that endpoints take which set none, 100 or 100-300').argParser(parseLatency),
    new Option('--failure-rate <share>', 'share of requests that fail, from 0 to 1, on endpoints that set none').argParser(parseRate),
    new Option('--validate <mode>', 'what is done about requests that do not fit, on endpoints that do not say (default: enforce)').choices(VALIDATE_MODES),
    new Option('--situation <name>', 'one of the `situations` of the configuration to begin with'),
    new Option('--profile <name>', 'how endpoints behave at first: flaky, slow-3g, offline ... or one of the `profiles` of the configuration')
  ],
  'Documents:': documentOptions,
  'Control:': () => [
    new Option('--admin-token <token>', 'bearer token that mock control asks for'),
    new Option('--no-admin', 'no mock control'),
    new Option('--max-log <count>', 'requests kept in the log; 0 turns it off').argParser(parseCount)
  ],
  'Output:': () => [
    new Option('-q, --quiet', 'no line for each request'),
    new Option('-v, --log-level <level>', "how much of the server's own log is shown (default: warn)").choices(LOG_LEVELS),
    new Option('--log-format <format>', 'lines for people or for machines (default: pretty on a terminal, else json)').choices(['pretty', 'json']),
    new Option('--ready-file <path>', 'write the URL to this file once requests are answered; it is deleted at the end'),
    new Option('--print-url', 'print the bare URL on stdout, everything else on stderr')
  ]
}

export function addStartFlags (command: Command): void {
  for (const [group, options] of Object.entries(GROUPS)) {
    for (const option of options()) command.addOption(option.helpGroup(group))
  }
}
