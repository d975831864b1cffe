import { setVariable } from '../context.ts'
import type { HelperFunction, HelperTable } from '../helper.ts'
import { integer, text } from './argument.ts'

const setVar: HelperFunction = ([name, value], _hash, context) => {
  setVariable(context, text(name), value)
  return ''
}

/** `{{#assign 'name'}}text{{/assign}}`: a block's text comes first. */
const assign: HelperTable[string] = {
  run: setVar,
  block: (body, [name], _hash, context) => setVar([name, body.render()], {}, context)
}

/** Variables of the request, and counters that outlive it. */
export const stateHelpers: HelperTable = {
  setVar: assign,
  assign,
  getVar: ([name, byDefault], _hash, { vars }) => vars?.get(text(name)) ?? byDefault,
  counter: ([name = 'default', start, step], hash, { counters }) =>
    counters.next(text(name), integer(start ?? hash.start, 1), integer(step ?? hash.step, 1))
}
