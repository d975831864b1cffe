import type { JSONPathQuery } from 'json-p3'
import { configInvalid } from '../config/invalid.ts'
import { parseSource, type Source } from '../config/source.ts'
import type { Diagnostic } from '../diagnostic.ts'
import { compileJsonPath } from '../json-path.ts'
import { child } from '../json-pointer.ts'
import { messageOf } from '../message-of.ts'
import { isObject } from './json-object.ts'
import { createOverlaid, type Overlaid } from './overlaid.ts'

/** One change that an overlay asks for. */
interface Action {
  pointer: string
  target: JSONPathQuery
  /** The path as written. */
  path: string
  change: { kind: 'remove' } | { kind: 'update', value: unknown } | { kind: 'copy', from: JSONPathQuery }
}

/** Takes down what is wrong. */
type Refuse = (code: string, pointer: string, message: string, hint?: string) => undefined

/** An overlay (OpenAPI Overlay Specification 1.0 and 1.1), read and compiled. */
export interface Overlay {
  /** Absolute path, where it is one. */
  readonly file?: string
  /** The document with all changes made; what was not changed is shared with the original. */
  apply (document: unknown): { document: unknown, warnings: Diagnostic[] }
}

/**
 * Reads an overlay.
 *
 * @param file absolute path, for messages
 * @throws MOCK_ERR_CONFIG_INVALID with the place of everything that is wrong with it
 */
export function readOverlay (text: string, file?: string): Overlay {
  const source = parseSource(text, file === undefined ? {} : { file })
  if (source.errors.length > 0) throw configInvalid(source.errors)
  return overlayOf(source)
}

/** The same for one that has been parsed. */
function overlayOf (source: Source): Overlay {
  const { value, file } = source
  const diagnostics: Diagnostic[] = []
  const tell = (severity: Diagnostic['severity'], code: string, pointer: string, message: string, hint?: string): Diagnostic =>
    ({ severity, code, message, ...hint !== undefined && { hint }, pointer, ...file !== undefined && { file }, ...source.locate(pointer) })
  const refuse: Refuse = (...problem) => {
    diagnostics.push(tell('error', ...problem))
    return undefined
  }

  if (!isObject(value) || !Array.isArray(value.actions) || value.overlay === undefined) {
    refuse('bad-overlay', '', 'this is no overlay: it has no `overlay` (the version) and `actions` (a list)', 'see https://spec.openapis.org/overlay/latest.html')
    throw configInvalid(diagnostics)
  }
  const actions = value.actions.flatMap((action: unknown, index) => readAction(action, child('/actions', index), refuse) ?? [])
  if (diagnostics.length > 0) throw configInvalid(diagnostics)

  return {
    ...file !== undefined && { file },
    apply (document) {
      const warnings: Diagnostic[] = []
      const overlaid = createOverlaid(document)
      for (const action of actions) {
        const problem = run(action, overlaid)
        if (problem !== undefined) warnings.push(tell('warning', 'overlay-action', action.pointer, problem))
      }
      return { document: overlaid.value, warnings }
    }
  }
}

function readAction (action: unknown, pointer: string, refuse: Refuse): Action | undefined {
  if (!isObject(action)) return refuse('bad-overlay', pointer, 'an action is an object with a `target`')
  const { target: path, remove, copy } = action
  if (typeof path !== 'string') return refuse('bad-overlay', pointer, 'the action has no `target`, a JSONPath', "write target: '$.paths'")
  const compile = (text: string, at: string): JSONPathQuery | undefined => {
    try {
      return compileJsonPath(text)
    } catch (error) {
      return refuse('bad-json-path', at, `'${text}' is no JSONPath: ${messageOf(error)}`)
    }
  }
  const target = compile(path, child(pointer, 'target'))
  if (target === undefined) return undefined
  if (remove === true) return { pointer, path, target, change: { kind: 'remove' } }
  if (Object.hasOwn(action, 'update')) return { pointer, path, target, change: { kind: 'update', value: action.update } }
  if (typeof copy !== 'string') return refuse('bad-overlay', pointer, 'the action changes nothing: it has neither `update`, `copy` nor `remove: true`')
  const from = compile(copy, child(pointer, 'copy'))
  return from === undefined ? undefined : { pointer, path, target, change: { kind: 'copy', from } }
}

/** Does one action; the answer says what is doubtful about it. */
function run ({ target, path, change }: Action, overlaid: Overlaid): string | undefined {
  const locations = overlaid.find(target)
  if (locations.length === 0) return `nothing is at ${path}: the action changes nothing`
  if (change.kind === 'remove') return overlaid.remove(locations)
  if (change.kind === 'update') return overlaid.update(locations, change.value)
  const [from, ...others] = overlaid.find(change.from)
  if (from === undefined || others.length > 0) return `what is to be copied is ${from === undefined ? 'not there' : 'not one thing'}: the action changes nothing`
  return overlaid.update(locations, overlaid.at(from))
}
