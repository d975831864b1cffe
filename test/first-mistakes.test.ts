import t from 'tap'
import { isConfigInvalid } from '../lib/config/invalid.ts'
import { loadConfig } from '../lib/config/load.ts'
import type { Diagnostic } from '../lib/diagnostic.ts'

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
