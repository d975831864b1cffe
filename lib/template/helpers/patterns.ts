import { RE2JS } from 're2js'
import { setVariable } from '../context.ts'
import { HelperFault } from '../error.ts'
import type { HelperDefinition, HelperTable } from '../helper.ts'
import type { TemplateLimits } from '../limits.ts'
import { text } from './argument.ts'

// Patterns may come from requests, and texts do: RE2 takes linear time for any of them.
const compiled = new Map<string, RE2JS>()

function patternOf (source: string): RE2JS {
  let pattern = compiled.get(source)
  if (pattern === undefined) {
    try {
      pattern = RE2JS.compile(source)
    } catch (error) {
      throw new HelperFault(`pattern '${source}': ${error instanceof Error ? error.message : String(error)}`, 'look-around and back-references are not supported')
    }
    if (compiled.size >= 500) compiled.clear()
    compiled.set(source, pattern)
  }
  return pattern
}

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
