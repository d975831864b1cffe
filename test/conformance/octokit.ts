import { Octokit } from '@octokit/rest'
import Fastify from 'fastify'
import { strict as assert } from 'node:assert'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import mockPlugin from '../../plugins/mock.ts'

/** What the client is told, that is different from GitHub itself. */
const REPO = { owner: 'octocat', repo: 'hello-world' }

/** More pages than this are taken for a list without end. */
const MAX_PAGES = 100

type Step = (client: Octokit) => Promise<void>

/** What a program that uses the client does. Each rejects when it does not work. */
const STEPS: Readonly<Record<string, Step>> = {
  async 'gets one object' (client) {
    const { status, data } = await client.rest.repos.get(REPO)
    assert.equal(status, 200)
    assert.equal(typeof data.full_name, 'string')
    assert.equal(typeof data.owner.login, 'string')
  },

  async 'gets a list' (client) {
    const { data } = await client.rest.issues.listForRepo({ ...REPO, state: 'open', labels: 'bug,ui', per_page: 2 })
    assert.equal(data.length, 2)
    assert.equal(typeof data[0]?.number, 'number')
  },

  async 'follows a list to its end' (client) {
    let pages = 0
    const numbers: number[] = []
    for await (const { data } of client.paginate.iterator(client.rest.issues.listForRepo, { ...REPO, per_page: 2 })) {
      numbers.push(...data.map(({ id }) => id))
      assert.ok(++pages <= MAX_PAGES, 'the list has no end')
    }
    assert.ok(pages > 1, 'the list has one page only')
    assert.equal(new Set(numbers).size, numbers.length, 'an issue stands on two pages')
  },

  async 'follows a list that is wrapped in an object' (client) {
    const runs = await client.paginate(client.rest.actions.listWorkflowRunsForRepo, { ...REPO, per_page: 10 }, ({ data }) => data)
    assert.ok(runs.length > 0)
  },

  async 'creates' (client) {
    const { status, data } = await client.rest.issues.create({ ...REPO, title: 'Found a bug', body: 'It does not work.', labels: ['bug'] })
    assert.equal(status, 201)
    assert.equal(typeof data.number, 'number')
  },

  async 'is answered without a body' (client) {
    const { status, data } = await client.rest.activity.starRepoForAuthenticatedUser(REPO)
    assert.equal(status, 204)
    assert.ok(!data)
  },

  async 'gets HTML' (client) {
    const { status, data, headers } = await client.rest.markdown.render({ text: '**bold**' })
    assert.equal(status, 200)
    assert.equal(typeof data, 'string')
    assert.match(headers['content-type'] ?? '', /^text\/html/)
  },

  async 'recognises an error that was asked for' (client) {
    await assert.rejects(client.rest.repos.get({ ...REPO, headers: { prefer: 'code=404' } }), isRequestError(404))
  },

  async 'recognises that a request is refused' (client) {
    // A title is required, which the client leaves to the server.
    await assert.rejects(client.request('POST /repos/{owner}/{repo}/issues', { ...REPO, title: undefined } as never), isRequestError(422))
  },

  async 'recognises an address that there is not' (client) {
    await assert.rejects(client.request('GET /no/such/thing'), isRequestError(404))
  }
}

/** What the client throws for each answer from 400 on. */
const isRequestError = (status: number) => (error: unknown): boolean => {
  assert.ok(error instanceof Error && error.name === 'HttpError' && 'status' in error, `not an error of the client's: ${String(error)}`)
  assert.equal(error.status, status)
  assert.notEqual(error.message, '')
  return true
}

/**
 * Has GitHub's client, unchanged but for its base URL, work against the mock of GitHub's description. The description is a
 * dependency of the benchmarks (some hundred megabytes), so without these there is nothing to do.
 *
 * @param root folder of the project
 * @returns how many of the things that the client does failed
 */
export async function checkOctokit (root: string): Promise<number> {
  const description = join(root, 'bench/node_modules/@octokit/openapi/generated/api.github.com.json')
  if (!existsSync(description)) {
    console.log('SKIPPED the client of GitHub: its description is not installed (npm ci --prefix bench).')
    return 0
  }
  const app = Fastify({ pluginTimeout: 0 })
  let failed = 0
  try {
    await app.register(mockPlugin, { include: [description], log: { max_entries: 0 } })
    const client = new Octokit({ baseUrl: await app.listen({ host: '127.0.0.1', port: 0 }), log: SILENT })
    for (const [name, step] of Object.entries(STEPS)) {
      const problem = await step(client).then(() => undefined, (error: unknown) => error instanceof Error ? error.message : String(error))
      if (problem !== undefined) failed++
      console.log(problem === undefined ? `ok     octokit ${name}` : `not ok octokit ${name}: ${problem.split('\n', 1)[0]}`)
    }
  } finally {
    await app.close()
  }
  return failed
}

const SILENT = { debug () {}, info () {}, warn () {}, error () {} }
