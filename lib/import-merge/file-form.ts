import { literal } from '../config/literal.ts'
import { writeYaml } from '../config/write-yaml.ts'
import { parseExactJson, withBigints } from '../exact-numbers.ts'
import { isObject } from '../schema/subschemas.ts'
import { stringifyJson } from '../stringify-json.ts'

/**
 * A configuration as its file has it once it is read again: what looks like an environment variable in it (`${NAME}`, in an example,
 * say) is escaped, so that it stays what it is.
 */
export function toFileForm (config: object): Record<string, unknown> {
  const value: unknown = literal(parseExactJson(stringifyJson(config)))
  return isObject(value) ? value : {}
}

/** The text of a new file: JSON that editors and diffs like, or YAML where the file is called so. */
export function renderConfig (config: Readonly<Record<string, unknown>>, file: string | undefined): string {
  if (file === undefined || !/\.ya?ml$/i.test(file)) return `${stringifyJson(config, 2)}\n`
  return writeYaml(withBigints(config), { lineWidth: 120, aliasDuplicateObjects: false })
}
