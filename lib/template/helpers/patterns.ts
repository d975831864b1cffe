import { setVariable } from '../context.ts'
import type { HelperDefinition, HelperTable } from '../helper.ts'
import type { TemplateLimits } from '../limits.ts'
import { text } from './argument.ts'
import { patternOf } from './pattern.ts'

/** A pattern that stands in the template is checked with the template. */
const check: HelperDefinition['check'] = ([, pattern]) => {
  if (pattern !== undefined) patternOf(text(pattern.value))
}

/** The first match, or into a list variable its groups (WireMock): `regexExtract text pattern ['name'] [default=]`. */
const regexExtract: HelperDefinition = {
  check,
  run: ([value, pattern, name], hash, context) => {
    const matcher = patternOf(text(pattern)).matcher(text(value))
    if (!matcher.find()) return name === undefined ? hash.default : setVariable(context, text(name), hash.default)
    if (name === undefined) return matcher.group() ?? undefined
    setVariable(context, text(name), Array.from({ length: matcher.groupCount() }, (_, index) => matcher.group(index + 1)))
    return ''
  }
}

/** Regular expressions, in RE2's syntax. */
export function patternHelpers ({ rounds }: TemplateLimits): HelperTable {
  return {
    matches: { check, condition: true, run: ([value, pattern]) => patternOf(text(pattern)).matches(text(value)) },
    regexTest: { check, condition: true, run: ([value, pattern]) => patternOf(text(pattern)).matcher(text(value)).find() },
    regexExtract,
    regexFindAll: {
      check,
      run: ([value, pattern]) => {
        const matcher = patternOf(text(pattern)).matcher(text(value))
        const found: Array<string | null> = []
        while (found.length <= rounds && matcher.find()) found.push(matcher.group())
        return found
      }
    },
    regexReplace: {
      check,
      run: ([value, pattern, replacement]) => patternOf(text(pattern)).matcher(text(value)).replaceAll(text(replacement))
    }
  }
}
