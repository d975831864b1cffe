import type { Block, BuiltInBlock } from './block.ts'
import { TemplateRenderError, type Place } from './error.ts'
import { isTruthy } from './helper.ts'
import { isRecord, own } from './own.ts'
import { countRound, type Choice, type Evaluate, type Frame, type Scope } from './scope.ts'
import { toText } from './to-text.ts'

const conditional = (wanted: boolean): BuiltInBlock => ({
  nested: false,
  arity: [1, 1],
  compile: ({ args: [condition = nothing], hash }) => (scope, body, otherwise) => {
    const value = condition(scope)
    const truthy = isTruthy(value) || (value === 0 && hash(scope).includeZero === true)
    if (truthy === wanted) body(scope, '')
    else otherwise()
  }
})

const each: BuiltInBlock = {
  nested: true,
  loop: true,
  arity: [1, 1],
  compile: ({ args: [list = nothing], hash }, names, place) => (scope, body, otherwise) => {
    const value = list(scope)
    const keys = isRecord(value) ? Object.keys(value) : undefined
    const items = Array.isArray(value) ? value : keys?.map(key => own(value, key))
    if (items === undefined || items.length === 0) return otherwise()
    const separator = separatorOf(hash(scope).comma, false)
    const total = items.length
    for (let index = 0; index < total; index++) {
      countRound(scope, place)
      const key = keys?.[index] ?? index
      const frame = { parent: scope.frame, index, key, first: index === 0, last: index === total - 1, total }
      body(innerScope(scope, items[index], frame, names, [items[index], key]), frame.last ? '' : separator)
    }
  }
}

/** `{{#repeat n}}`, `{{#repeat min max}}`: the rounds are joined by commas unless `comma=false` (Mockoon's way). */
const repeat: BuiltInBlock = {
  nested: false,
  loop: true,
  arity: [1, 2],
  compile: ({ args: [least = nothing, most], hash }, names, place) => (scope, body, otherwise) => {
    const min = roundsOf(least(scope), place)
    const max = most === undefined ? min : Math.max(min, roundsOf(most(scope), place))
    const total = min === max ? min : scope.run.context.random.int(min, max)
    if (total > scope.run.limits.rounds) {
      throw new TemplateRenderError({ message: `repeat: ${total} rounds are more than ${scope.run.limits.rounds}` }, place)
    }
    if (total === 0) return otherwise()
    const separator = separatorOf(hash(scope).comma, true)
    for (let index = 0; index < total; index++) {
      countRound(scope, place)
      const frame = { parent: scope.frame, index, key: index, first: index === 0, last: index === total - 1, total }
      const locals = names.length === 0 ? scope.locals : { parent: scope.locals, names, values: [index] }
      body({ run: scope.run, self: scope.self, up: scope.up, frame, locals }, frame.last ? '' : separator)
    }
  }
}

const withBlock: BuiltInBlock = {
  nested: true,
  arity: [1, 1],
  compile: ({ args: [subject = nothing] }, names) => (scope, body, otherwise) => {
    const value = subject(scope)
    if (isTruthy(value)) body(innerScope(scope, value, scope.frame, names, [value]), '')
    else otherwise()
  }
}

/** `{{#switch v}}{{#case 'a' 'b'}}…{{/case}}{{#default}}…{{/default}}{{/switch}}`; an {{else}} of it is for no case at all. */
const switchBlock: BuiltInBlock = {
  nested: false,
  arity: [1, 1],
  compile: ({ args: [subject = nothing] }) => (scope, body, otherwise) => {
    const choice: Choice = { subject: subject(scope), made: false }
    body({ ...scope, frame: { parent: scope.frame, choice } }, '')
    if (!choice.made) otherwise()
  }
}

const caseBlock = (matches: (choice: Choice, args: readonly Evaluate[], scope: Scope) => boolean, arity: readonly [number, number]): BuiltInBlock => ({
  nested: false,
  arity,
  compile: ({ args }, _names, place): Block => (scope, body) => {
    const choice = choiceOf(scope.frame, place)
    if (choice.made || !matches(choice, args, scope)) return
    choice.made = true
    body(scope, '')
  }
})

function choiceOf (frame: Frame | undefined, place: Place): Choice {
  for (let at = frame; at !== undefined; at = at.parent) {
    if (at.choice !== undefined) return at.choice
  }
  throw new TemplateRenderError({ message: '{{#case}} and {{#default}} belong inside {{#switch}}' }, place)
}

/** Blocks that give `this` no other meaning than Handlebars has for them; what they share is `Block`. */
export const BUILT_IN_BLOCKS: ReadonlyMap<string, BuiltInBlock> = new Map([
  ['if', conditional(true)],
  ['unless', conditional(false)],
  ['each', each],
  ['with', withBlock],
  ['repeat', repeat],
  ['switch', switchBlock],
  ['case', caseBlock(({ subject }, args, scope) => args.some(arg => toText(arg(scope)) === toText(subject)), [1, 100])],
  ['default', caseBlock(() => true, [0, 0])]
])

function nothing (): unknown {
  return undefined
}

function innerScope (scope: Scope, self: unknown, frame: Frame | undefined, names: readonly string[], values: readonly unknown[]): Scope {
  const locals = names.length === 0 ? scope.locals : { parent: scope.locals, names, values }
  return { run: scope.run, self, up: scope, frame, locals }
}

function separatorOf (comma: unknown, byDefault: boolean): string {
  if (typeof comma === 'string' && comma !== 'true' && comma !== 'false') return comma
  return (comma === undefined ? byDefault : String(comma) === 'true') ? ',' : ''
}

function roundsOf (value: unknown, place: Place): number {
  const rounds = Number(value ?? 0)
  if (Number.isInteger(rounds) && rounds >= 0) return rounds
  throw new TemplateRenderError({ message: `repeat: '${toText(value)}' is not a number of rounds` }, place)
}
