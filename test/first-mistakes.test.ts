import t from 'tap'
import { isConfigInvalid } from '../lib/config/invalid.ts'
import { loadConfig } from '../lib/config/load.ts'
import type { Diagnostic } from '../lib/diagnostic.ts'
import { createTemplates } from '../lib/template/engine.ts'

/** What is said about a configuration, as a file. */
async function told (config: unknown): Promise<readonly Diagnostic[]> {
  const files: Readonly<Record<string, string>> = { '/mocks/mock.json': JSON.stringify(config) }
  const readFile = async (path: string): Promise<string> => files[path] ?? ''
  try {
    return (await loadConfig({ include: ['mock.json'] }, { cwd: '/mocks', readFile })).diagnostics
  } catch (error) {
    if (isConfigInvalid(error)) return error.diagnostics
    throw error
  }
}

const endpoint = (keys: object): object => ({ endpoints: [{ path: '/a', response: 1, ...keys }] })
const when = (condition: unknown): object => endpoint({ when: condition })

const HINTS: ReadonlyArray<[string, object, string | undefined]> = [
  ['a JSONPath among the members of a body', when({ body: { '$.a.b': 1 } }), "a JSONPath goes into 'json_path': { json_path: { '$.a.b': … } }"],
  ['a path with dots', when({ body: { 'customer.email': 'x' } }), "the value of a member 'customer.email' is tested by '/customer.email', one within others by '/customer/email'"],
  ['a sign for an operator', when({ query: { page: { '>=': 2 } } }), "did you mean 'at_least'?"],
  ['an operator with a dollar', when({ body: { '/a': { $gt: 2 } } }), "did you mean 'greater'?"],
  ['an operator of another tool, on a value that has no members', when({ headers: { x: { equalTo: 2 } } }), "did you mean 'equals'?"],
  ['the same in a body, where it may be a member', when({ body: { '/a': { eq: 2 } } }), "did you mean 'equals'? Else, the value of a member 'eq' is tested by '/eq'"],
  ['a part of the body that is called like a header', when({ body: { '/headers': { x: 1 } } }), "the value of a member 'x' is tested by '/x'"],
  ['a path without its slash', endpoint({ path: 'users' }), "write '/users'"],
  ['a folder for an object', { persist: 'state' }, 'write { folder: state }'],
  ['a switch for an object', { scopes: true }, 'its keys: header, baggage, path, max, ttl_ms'],
  ['a name for a scenario', endpoint({ scenario: 'cart' }), 'write { name: cart }'],
  ['a time with its unit', endpoint({ latency_ms: '1.5s' }), 'write 1500: it is a number of milliseconds'],
  ['an object for a header, which no list makes better', endpoint({ headers: { x: { a: 1 } } }), undefined],
  ['a file under the name that other tools have for it', { config: 'mock.yaml' }, "did you mean 'include'?"],
  ["WireMock's mappings, which are no rows", { mappings: [{ request: { url: '/a' }, response: { status: 200 } }] }, "did you mean 'endpoints'?"]
]

t.test('what people write at first is answered with what they meant', async t => {
  for (const [name, config, hint] of HINTS) {
    const [first, ...others] = await told(config)
    t.equal(first?.severity, 'error', name)
    t.equal(first?.hint, hint, name)
    t.strictSame(others, [], name)
  }
})

t.test('a name in a condition that nothing else has is told, as nothing would ever say so', async t => {
  const state = { scenarios: { cart: { states: ['empty', 'filled'] } }, variables: { currency: 'EUR' }, collections: { orders: {} } }
  const asking = (when: object): object => ({ ...state, endpoints: [{ resource: 'carts' }, { path: '/a', when, set: { tenant: 1 } }, { path: '/b', scenario: { name: 'crat', to: 'x' } }] })
  const warnings = await told(asking({ collections: { order: { count: 0 } }, any: [{ variables: { curency: 'EUR' } }, { not: { scenarios: { crat: 'empty' } } }] }))
  t.match(warnings, [
    { severity: 'warning', message: "there is no collection 'order'", hint: "did you mean 'orders'?", pointer: '/endpoints/1/when/collections/order' },
    { message: "the variable 'curency' is declared nowhere", hint: "did you mean 'currency'?" },
    { message: "the scenario 'crat' is declared nowhere", hint: "did you mean 'cart'?", pointer: '/endpoints/1/when/any/1/not/scenarios/crat' },
    { message: "the scenario 'crat' is declared nowhere", pointer: '/endpoints/2/scenario' }
  ])
  t.equal(warnings.length, 4)
  const meant = asking({ collections: { orders: { count: 0 }, carts: { count: 0 } }, variables: { tenant: 1, elsewhere: 2 }, scenarios: { payment: 'Started' } })
  t.strictSame((await told(meant)).map(({ message }) => message), ["the scenario 'crat' is declared nowhere"])
})

t.test('a template that asks the request for what it has under another name is refused', async t => {
  const { text } = createTemplates()
  t.throws(() => text('{{request.param.id}}'), { message: /the request has no 'param' .*; did you mean 'params'\?/ })
  t.throws(() => text('{{add request.json.x 1}}'), { message: /did you mean 'body'\?/ })
  t.doesNotThrow(() => text('{{request.nothing}}'), 'nothing that it could be: empty, as elsewhere in templates')
  t.doesNotThrow(() => text('{{#each request.body}}{{request.param}}{{/each}}'), 'an item may have a request of its own')
})

t.test('data under a name that is a key as well is data, where the key would be something else', async t => {
  t.strictSame(await told({ posts: [{ id: 1 }], profile: { name: 'quay' }, scenarios: [{ id: 1 }] }), [])
  t.match(await told({ posts: [{ id: 1 }], scenarios: { cart: {} } }), [{ message: "unknown key 'posts'" }])
  t.match(await told({ posts: [{ id: 1 }], endpoints: { '/a': {} } }), [{ message: "unknown key 'posts'" }, { code: 'wrong-type' }])
})
