import { InvalidArgumentError, type Command, type Option } from 'commander'
import { parseSwitch } from './option-values.ts'

type Env = Readonly<Record<string, string | undefined>>

/**
 * The variable of a flag: `--admin-token` is MOCK_ADMIN_TOKEN, and `--no-admin` is MOCK_ADMIN=off.
 *
 * commander's own `env()` takes any value of a boolean for yes, `MOCK_WATCH=false` included, and an empty text for a value, which
 * is how compose files say that a variable is not set.
 */
export function variableOf (option: Option): string {
  return `MOCK_${option.attributeName().replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase()}`
}

/** Fills in what the command line leaves open; call it before the command runs. */
export function readEnvironment (command: Command, env: Env): void {
  for (const option of command.options) {
    const variable = variableOf(option)
    const text = env[variable]
    const key = option.attributeName()
    if (text === undefined || text === '' || command.getOptionValueSource(key) === 'cli') continue
    try {
      command.setOptionValueWithSource(key, valueOf(option, text), 'env')
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error
      command.error(`error: environment variable ${variable} value '${text}' is invalid. ${error.message}`, { code: error.code })
    }
  }
}

function valueOf (option: Option, text: string): unknown {
  if (option.isBoolean() || option.negate) return parseSwitch(text)
  return option.parseArg === undefined ? text : option.parseArg(text, undefined)
}
