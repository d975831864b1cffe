import t from 'tap'
import { tellExplanation } from '../lib/explain/tell-explanation.ts'
import { build } from './helper.ts'
import { MISTAKES, type Mistake } from './mistakes.ts'

/** Mistakes that a test's claims have no word for: they are about the state that the server is in, or its configuration. */
const OF_THE_SERVER: ReadonlyArray<Pick<Mistake, 'name' | 'config' | 'sent' | 'names' | 'isServed'>> = [
  {
    name: 'scenario in another state',
    config: { scenarios: { cart: { initial: 'empty', states: ['empty', 'filled', 'paid'] } }, endpoints: [{ path: '/pay', method: 'POST', scenario: { name: 'cart', state: 'filled', to: 'paid' } }] },
    sent: [{ method: 'POST', url: '/pay' }],
    names: ['cart', 'empty', 'filled']
  },
  { name: 'answer used up', config: { endpoints: [{ path: '/token', responses: [{ name: 'fresh', times: 1 }] }] }, sent: [{ method: 'GET', url: '/token' }, { method: 'GET', url: '/token' }], names: ['fresh', 'used up', '1 of 1'] },
  { name: 'sequence over', config: { endpoints: [{ path: '/steps', choose: { mode: 'sequence', end: 'once' }, responses: [{ response: 1 }] }] }, sent: [{ method: 'GET', url: '/steps' }, { method: 'GET', url: '/steps' }], names: ['sequence', 'over'] },
  { name: 'endpoint disabled', config: { endpoints: [{ path: '/beta', enabled: false }] }, sent: [{ method: 'GET', url: '/beta' }], names: ['GET /beta', 'disabled'] },
  { name: 'other operation of the path', config: { endpoints: [{ path: '/', method: 'POST', match: { headers: { 'x-target': 'Create' } } }] }, sent: [{ method: 'POST', url: '/', headers: { 'x-target': 'Creat' } }], names: ['x-target', 'Creat', 'Create'] },
  { name: 'upper case in the path', config: { endpoints: [{ path: '/users/:id' }] }, sent: [{ method: 'GET', url: '/Users/7' }], names: ['Users', 'users', 'upper and lower case'] }
]

/** What everybody sees who makes the mistake: the 404, and what `explain` tells of it. */
for (const { name, config, sent, names, isServed } of [...MISTAKES, ...OF_THE_SERVER]) {
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
    t.equal(app.mock.requests.count(), sent.length, 'to ask is not to send')
  })
}
