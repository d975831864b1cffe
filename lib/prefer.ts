import { FAULT_KINDS, type FaultKind } from './config-keys/fault.ts'
import { faultNamed } from './fault/fault-names.ts'
import type { ValidateMode } from './config.ts'
import { VALIDATE_MODES } from './validate-mode.ts'

/** What a request prefers, of what this server knows (RFC 7240). */
export interface Preferences {
  /** The status to be answered with. */
  code?: number
  /** The name of the answer. */
  example?: string
  /** Whether the body is to be generated although there is an example. */
  dynamic?: boolean
  /** What generated data is drawn from. */
  seed?: string
  /** How long to wait before answering, in milliseconds. */
  delay?: number
  /** The status of a failure that is to be injected, or what is to go wrong on the connection. */
  fault?: number | FaultKind
  /** What is done about mistakes of the request. */
  validate?: ValidateMode
  /** The profile that it is answered with: that is chosen before anything else. */
  profile?: string
}

/** Preferences, or why they cannot be met: the value of one that this server knows makes no sense. */
export type ReadPreferences = { preferences: Preferences } | { invalid: string }

/** Nothing is delayed for longer, in milliseconds. */
const LONGEST_DELAY = 60_000

/** Failures that have a name. */
const FAULTS: Readonly<Record<string, number>> = {
  error: 500,
  'bad-gateway': 502,
  unavailable: 503,
  timeout: 504,
  'rate-limit': 429
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 }

/**
 * Reads the preferences that this server knows; others (`wait`, `respond-async`, `handling`) are ignored, as are those that other
 * parts of it look after.
 *
 * @example
 * readPreferences('code=404, delay=1.5s') // { preferences: { code: 404, delay: 1500 } }
 * readPreferences('delay=soon') // { invalid: "delay=soon: …" }
 */
export function readPreferences (header: string | string[]): ReadPreferences {
  const preferences: Preferences = {}
  for (const [name, value] of parsePrefer(header)) {
    const problem = read(preferences, name, value)
    if (problem !== undefined) return { invalid: `\`Prefer: ${name}=${value}\` cannot be met: ${problem}` }
  }
  return { preferences }
}

/** Takes down one preference; the answer is what is wrong with its value. */
function read (preferences: Preferences, name: string, value: string): string | undefined {
  switch (name) {
    case 'code':
      if (!/^[2-5]\d\d$/.test(value)) return 'a status from 200 to 599 is expected'
      preferences.code = Number(value)
      return undefined
    case 'example':
      preferences.example = value
      return undefined
    case 'dynamic':
      if (!/^(?:true|false|1|0|)$/i.test(value)) return 'true or false is expected'
      preferences.dynamic = !/^(?:false|0)$/i.test(value)
      return undefined
    case 'seed':
      preferences.seed = value
      return undefined
    case 'profile':
      preferences.profile = value
      return undefined
    case 'delay': {
      const [, amount, unit = 'ms'] = /^(\d+(?:\.\d+)?)(ms|s|m)?$/i.exec(value) ?? []
      if (amount === undefined) return 'milliseconds are expected, or a duration such as 1.5s'
      preferences.delay = Math.min(Number(amount) * (UNITS[unit.toLowerCase()] ?? 1), LONGEST_DELAY)
      return undefined
    }
    case 'validate': {
      const mode = VALIDATE_MODES.find(mode => mode === value)
      if (mode === undefined) return `one of ${VALIDATE_MODES.join(', ')} is expected`
      preferences.validate = mode
      return undefined
    }
    case 'fault': {
      const fault = /^[45]\d\d$/.test(value) ? Number(value) : Object.hasOwn(FAULTS, value) ? FAULTS[value] : faultNamed(value)
      if (fault === undefined) return `a status from 400 to 599 is expected, or one of ${[...Object.keys(FAULTS), ...FAULT_KINDS].join(', ')}`
      preferences.fault = fault
      return undefined
    }
  }
  return undefined
}

/** What a request wants to be done about its mistakes, before anything else of it is looked at. */
export function preferredMode (header: string | string[] | undefined): ValidateMode | undefined {
  if (header === undefined) return undefined
  const asked = parsePrefer(header).get('validate')
  return VALIDATE_MODES.find(mode => mode === asked)
}

/**
 * Parses a `Prefer` header (RFC 7240, section 2): preferences separated by commas, each `name`, `name=token` or
 * `name="quoted"`, with parameters after semicolons, which are ignored. The first of a name counts.
 *
 * @example
 * parsePrefer('code=404, example="not found"; q=1') // Map { 'code' => '404', 'example' => 'not found' }
 */
export function parsePrefer (header: string | string[]): Map<string, string> {
  const preferences = new Map<string, string>()
  const text = Array.isArray(header) ? header.join(',') : header
  for (const match of text.matchAll(PREFERENCE)) {
    const name = match[1]?.toLowerCase()
    if (name === undefined || preferences.has(name)) continue
    preferences.set(name, match[2] === undefined ? match[3] ?? '' : match[2].replace(/\\(.)/g, '$1'))
  }
  return preferences
}

// Either a preference at the start or after a comma, or anything else that is skipped up to the next comma.
const PREFERENCE = /(?:^|,)\s*([\w!#$%&'*+.^`|~-]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]*)))?(?:\s*;(?:[^,"]|"(?:[^"\\]|\\.)*")*)?/g

/**
 * One preference as `Preference-Applied` names it (RFC 7240, section 3).
 *
 * @example
 * applied('example', 'not found') // 'example="not found"'
 */
export function applied (name: keyof Preferences, value: string | number | boolean): string {
  const text = String(value)
  // What is no token is quoted; a header holds nothing but visible ASCII.
  return `${name}=${/^[\w!#$%&'*+.^`|~-]+$/.test(text) ? text : `"${text.replace(/[^\x20-\x7e]/g, '?').replace(/[\\"]/g, '\\$&')}"`}`
}
