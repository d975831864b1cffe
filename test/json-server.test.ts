import { readFile } from 'node:fs/promises'
import t, { type Test } from 'tap'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import type { MockPluginOptions } from '../plugins/mock.ts'
import { build } from './helper.ts'

/** Rows in the manner of a `db.json`; what the requests of json-server's documents are about, in words of our own. */
const CONFIG: MockPluginOptions = {
  collections: {
    posts: [
      { id: 1, title: 'Tides and how to read them', author: { name: 'Ann' }, user: 'ann', views: 100, published: true },
      { id: 2, title: 'A server in the attic', author: { name: 'Bo' }, user: 'bo', views: 15, published: false },
      { id: 3, title: 'Knots', author: { name: 'Ann' }, user: 'ann', views: 20 },
      { id: 4, title: 'The internet of sheds', author: { name: 'Cy' }, user: 'cy', views: 200, names: ['cy', 'di'] }
    ],
    comments: [
      { id: 1, body: 'Useful', postId: 1, votes: 3, author: { name: 'Bo' } },
      { id: 2, body: 'More, please', postId: 1, votes: 9, author: { name: 'Cy' } },
      { id: 3, body: 'Which server?', postId: 2, votes: 1, author: { name: 'Ann' } },
      { id: 4, body: 'Thanks', postId: 1, votes: 5, author: { name: 'Bo' } }
    ],
    profile: [{ name: 'harbour' }]
  },
  endpoints: [
    { resource: { collection: 'posts', has_many: ['comments'] } },
    { resource: 'comments' },
    { resource: { collection: 'profile', singular: true } }
  ]
}

type Check = (t: Test, answer: LightMyRequestResponse, app: FastifyInstance) => unknown

const ids = (...wanted: unknown[]): Check => (t, answer) => {
  t.equal(answer.statusCode, 200)
  t.same(answer.json<Array<{ id: unknown }>>().map(({ id }) => id), wanted)
}
const body = (wanted: unknown, status = 200): Check => (t, answer) => {
  t.equal(answer.statusCode, status)
  t.match(answer.json(), wanted as object)
}
const all = (...checks: Check[]): Check => async (t, answer, app) => { for (const check of checks) await check(t, answer, app) }
const total = (count: number): Check => (t, answer) => t.equal(answer.headers['x-total-count'], String(count))
const links = (wanted: Record<string, string>): Check => (t, answer) => {
  const found = [...String(answer.headers.link).matchAll(/<([^>]*)>; rel="(\w+)"/g)].map(([, url = '', relation = '']) => [relation, new URL(url).search])
  t.same(Object.fromEntries(found), wanted)
}
const then = (url: string, check: Check): Check => async (t, _answer, app) => check(t, await app.inject(url), app)
const exactly = (wanted: unknown, status = 200): Check => (t, answer) => {
  t.equal(answer.statusCode, status)
  t.same(answer.json(), wanted)
}
const status = (wanted: number): Check => (t, answer) => t.equal(answer.statusCode, wanted)

/** What is asked, as the table in `docs/json-server.md` has it, and what the answer has to be. */
const LINES: Record<string, Check> = {
  'GET /posts': ids(1, 2, 3, 4),
  'GET /posts/1': body({ id: 1, title: 'Tides and how to read them' }),
  'GET /posts/9': status(404),
  'POST /posts {"title":"New"}': all(exactly({ id: 5, title: 'New' }, 201), (t, answer) => t.equal(answer.headers.location, '/posts/5'), then('/posts/5', body({ title: 'New' }))),
  'POST /posts {"id":77,"title":"New"}': exactly({ id: 77, title: 'New' }, 201),
  'POST /posts {"id":1,"title":"New"}': all(status(409), then('/posts', ids(1, 2, 3, 4))),
  'PUT /posts/1 {"id":9,"title":"Other"}': all(exactly({ id: 1, title: 'Other' }), then('/posts/9', status(404))),
  'PATCH /posts/1 {"id":9,"views":7}': all(body({ id: 1, views: 7, title: 'Tides and how to read them' }), then('/posts/9', status(404))),
  'PATCH /posts/1 {"author":{"age":7},"user":null}': body({ author: { age: 7, name: undefined }, user: null, views: 100 }),
  'DELETE /posts/1': all(status(204), then('/posts', ids(2, 3, 4)), then('/comments', ids(1, 2, 3, 4))),
  'DELETE /posts/1?_dependent=comments': all(status(204), then('/comments', ids(3))),
  'GET /profile': exactly({ name: 'harbour' }),
  'POST /profile {"name":"quay"}': all(exactly({ name: 'quay' }, 201), then('/profile', exactly({ name: 'quay' }))),
  'PUT /profile {"name":"quay"}': all(exactly({ name: 'quay' }), then('/profile', exactly({ name: 'quay' }))),
  'PATCH /profile {"size":3}': all(exactly({ name: 'harbour', size: 3 }), then('/profile', exactly({ name: 'harbour', size: 3 }))),
  'GET /posts?title=Knots&user=ann': ids(3),
  'GET /posts?id=1&id=2': ids(1, 2),
  'GET /comments?author.name=Bo': ids(1, 4),
  'GET /posts?names[0]=cy': ids(4),
  'GET /posts?_page=1': all(ids(1, 2, 3, 4), total(4)),
  'GET /posts?_page=2&_limit=2': all(ids(3, 4), total(4), links({ first: '?_page=1&_limit=2', prev: '?_page=1&_limit=2', last: '?_page=2&_limit=2' })),
  'GET /posts?_page=1&_per_page=3': body({ first: 1, prev: null, next: 2, last: 2, pages: 2, items: 4, data: [{ id: 1 }, { id: 2 }, { id: 3 }] }),
  'GET /posts?_page=99&_per_page=3': body({ first: 1, prev: 1, next: null, last: 2, pages: 2, items: 4, data: [{ id: 4 }] }),
  'GET /posts?_page=0&_per_page=nothing': body({ prev: null, next: null, pages: 1, items: 4 }),
  'GET /posts?_per_page=2': ids(1, 2, 3, 4),
  'GET /posts?_sort=views&_order=asc': ids(2, 3, 1, 4),
  'GET /posts/1/comments?_sort=votes&_order=asc': ids(1, 4, 2),
  'GET /posts?_sort=user,views&_order=desc,asc': ids(4, 2, 3, 1),
  'GET /posts?_sort=-views': ids(4, 1, 3, 2),
  'GET /posts?_sort=author.name,-views': ids(1, 3, 2, 4),
  'GET /posts?_start=1&_end=3': all(ids(2, 3), total(4)),
  'GET /posts/1/comments?_start=1&_end=3': all(ids(2, 4), total(3)),
  'GET /posts/1/comments?_start=1&_limit=1': all(ids(2), total(3)),
  'GET /posts?_limit=2': all(ids(1, 2), total(4)),
  'GET /posts?views_gte=15&views_lte=20': ids(2, 3),
  'GET /posts?id_ne=1': ids(2, 3, 4),
  'GET /posts?title_like=SERVER|knots': ids(2, 3),
  'GET /posts?q=INTERNET': ids(4),
  'GET /posts?views:gt=100': ids(4),
  'GET /posts?views:gte=100': ids(1, 4),
  'GET /posts?views:lt=20': ids(2),
  'GET /posts?views:lte=20': ids(2, 3),
  'GET /posts?views:gte=15&views:lte=100': ids(1, 2, 3),
  'GET /posts?views:eq=100': ids(1),
  'GET /posts?views:ne=100': ids(2, 3, 4),
  'GET /posts?views:in=100,200': ids(1, 4),
  'GET /posts?title:contains=THE': ids(1, 2, 4),
  'GET /posts?title:startsWith=the': ids(4),
  'GET /posts?title:endsWith=ATTIC': ids(2),
  'GET /posts?published=true': ids(1),
  'GET /posts?author.name:startsWith=a': ids(1, 3),
  'GET /posts?views_gt=100': ids(4),
  'GET /posts?_where={"or":[{"views":{"gt":100}},{"author":{"name":{"eq":"Bo"}}}]}': ids(2, 4),
  'GET /posts?_embed=comments': all(ids(1, 2, 3, 4), body([{ comments: [{ id: 1 }, { id: 2 }, { id: 4 }] }, { comments: [{ id: 3 }] }, { comments: [] }, { comments: [] }])),
  'GET /posts/1?_embed=comments': body({ id: 1, comments: [{ id: 1 }, { id: 2 }, { id: 4 }] }),
  'GET /comments?_expand=post': body([{ post: { id: 1 } }, { post: { id: 1 } }, { post: { id: 2 } }, { post: { id: 1 } }]),
  'GET /comments/3?_expand=post': body({ id: 3, post: { id: 2, title: 'A server in the attic' } }),
  'GET /comments?_embed=post': body([{ post: { id: 1 } }, { post: { id: 1 } }, { post: { id: 2 } }, { post: { id: 1 } }]),
  'GET /comments/3?_embed=post': body({ id: 3, post: { id: 2 } }),
  'GET /posts/1/comments': ids(1, 2, 4),
  'POST /posts/1/comments {"body":"Again"}': all(exactly({ id: 5, body: 'Again', postId: 1 }, 201), then('/posts/1/comments', ids(1, 2, 4, 5)))
}

const table = async () => (await readFile(new URL('../docs/json-server.md', import.meta.url), 'utf8')).split('\n')
  .flatMap(line => /^\| `((?:GET|POST|PUT|PATCH|DELETE) .+?)` \|/.exec(line)?.[1]?.replaceAll('\\|', '|') ?? [])

t.test('the table has a line for each request here, and no other', async t => {
  t.same([...await table()].sort(), Object.keys(LINES).sort())
})

for (const [line, check] of Object.entries(LINES)) {
  t.test(line, async t => {
    const app = await build(t, CONFIG)
    const [, method = '', url = '', payload] = /^(\S+) (\S+?)(?: (\{.*))?$/.exec(line) ?? []
    const where = /_where=(.*)$/.exec(url)?.[1]
    await check(t, await app.inject({
      method: method as 'GET',
      url: where === undefined ? url : url.replace(where, encodeURIComponent(where)),
      ...payload !== undefined && { payload, headers: { 'content-type': 'application/json' } }
    }), app)
  })
}
