import t from 'tap'
import { tellExplanation } from '../lib/explain/tell-explanation.ts'
import { build } from './helper.ts'
import { MISTAKES } from './mistakes.ts'

/** What everybody sees who makes the mistake: the 404, and what `explain` tells of it. */
for (const { name, config, sent, names, isServed } of MISTAKES) {
  t.test(name, async t => {
    const app = await build(t, config)
    for (const { payload, ...request } of sent.slice(0, -1)) await app.inject({ ...request, ...payload !== undefined && { payload } })
    const last = sent.at(-1)
    if (last === undefined) return t.fail('nothing is sent')
    const { method, url, headers = {}, payload } = last
    const explanation = await app.mock.explain({ method, url, headers, body: payload })
    const told = tellExplanation(explanation)
    const answer = await app.inject({ method: method as 'GET', url, headers, ...payload !== undefined && { payload } })

    t.matchSnapshot(told, 'what explain tells')
    if (isServed === true) {
      t.equal(explanation.outcome?.kind, 'answered')
      return t.ok(answer.statusCode < 400)
    }
    const { detail, hint } = answer.json()
    t.matchSnapshot(`${detail}\n${hint}`, 'what the 404 tells')
    t.equal(explanation.summary, detail, 'one engine says one thing')
    for (const word of names) t.match(detail, word, 'the first line names the mistake')
    t.notMatch(hint, /^$/, 'and the second the remedy')
    t.equal(app.mock.requests.find({ matched: false }).length, 1, 'to ask is not to send')
  })
}
