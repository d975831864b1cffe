import fc from 'fast-check'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import type { Collection, Row } from '../lib/collection/collection.ts'
import { createCollections } from '../lib/collection/create-collections.ts'
import { defineCollection, type CollectionOptions } from '../lib/collection/define-collection.ts'
import { parseExactJson } from '../lib/exact-numbers.ts'
import { isObject } from '../lib/schema/subschemas.ts'
import { stringifyJson } from '../lib/stringify-json.ts'
import { build } from './helper.ts'

function collection (options: CollectionOptions = {}, now?: () => Date): Collection {
  const collections = createCollections([defineCollection('users', options)], now === undefined ? {} : { now })
  return collections.get('users')!
}

const HOSTILE = ['__proto__', 'constructor', 'hasOwnProperty', 'toString', '', 'null', '\u0000null', '🙂', '9007199254740993']

t.test('like a plain list of rows', async t => {
  type Model = Row[]
  const id = fc.oneof(fc.constantFrom<string | number>(1, 2, '2', 3, 'x', '__proto__'), fc.constantFrom(...HOSTILE.filter(name => name !== '')))
  const email = fc.option(fc.constantFrom('a', 'b', 'c', 1, '1'), { nil: null })
  const operation = fc.oneof(
    fc.record({ op: fc.constant('insert' as const), id, email }),
    fc.record({ op: fc.constant('replace' as const), id, email }),
    fc.record({ op: fc.constant('update' as const), id, email }),
    fc.record({ op: fc.constant('remove' as const), id }),
    fc.record({ op: fc.constant('snapshot' as const) }),
    fc.record({ op: fc.constant('restore' as const) }),
    fc.record({ op: fc.constant('reset' as const) }),
    fc.record({ op: fc.constant('clear' as const) }),
    fc.record({ op: fc.constant('fork' as const) })
  )
  const seed: Model = [{ id: 1, email: 'a' }, { id: '2', email: null }]
  const definition = defineCollection('users', { rows: seed, unique: [['email']] })
  const same = (a: unknown, b: unknown) => String(a) === String(b)

  fc.assert(fc.property(fc.array(operation, { maxLength: 40 }), operations => {
    // Several scopes of the same definition: what is done in one is not seen in another.
    const scopes = [0, 1].map(() => ({ real: createCollections([definition]), model: seed, kept: { real: {}, model: seed } }))
    for (const [index, step] of operations.entries()) {
      const scope = scopes[index % 2]!
      const users = scope.real.get('users')!
      const at = 'id' in step ? scope.model.findIndex(row => same(row.id, step.id)) : -1
      const isTaken = 'email' in step && step.email !== null && scope.model.some((row, other) => row.email !== null && same(row.email, step.email) && other !== at)
      const attempt = (work: () => unknown): boolean => {
        try {
          return work() !== undefined
        } catch (error) {
          if (error instanceof Error && 'code' in error && error.code === 'MOCK_ERR_ROW_CONFLICT') return false
          throw error
        }
      }
      if (step.op === 'insert') {
        const isFree = at === -1 && !isTaken
        if (attempt(() => users.insert({ id: step.id, email: step.email })) !== isFree) return false
        if (isFree) scope.model = [...scope.model, { id: step.id, email: step.email }]
      } else if (step.op === 'replace' || step.op === 'update') {
        const isDone = at !== -1 && !isTaken
        if (attempt(() => users[step.op](step.id, { email: step.email })) !== isDone) return false
        if (isDone) scope.model = scope.model.with(at, { id: scope.model[at]!.id, email: step.email })
      } else if (step.op === 'remove') {
        if (attempt(() => users.remove(step.id)) !== (at !== -1)) return false
        scope.model = scope.model.filter((_, other) => other !== at)
      } else if (step.op === 'snapshot') scope.kept = { real: scope.real.snapshot(), model: scope.model }
      else if (step.op === 'restore') {
        scope.real.restore(scope.kept.real)
        if ('users' in scope.kept.real) scope.model = scope.kept.model
      } else if (step.op === 'reset') {
        scope.real.reset()
        scope.model = seed
      } else if (step.op === 'clear') {
        users.clear()
        scope.model = []
      } else {
        const copy = scope.real.fork()
        copy.get('users')!.clear()
        copy.get('users')!.insert({ id: 'of the copy' })
      }
      for (const { real, model } of scopes) {
        const users = real.get('users')!
        if (users.size !== model.length || JSON.stringify(users.rows()) !== JSON.stringify(model)) return false
        for (const row of model) if (JSON.stringify(users.get(String(row.id))) !== JSON.stringify(row)) return false
        for (const email of ['a', '1', null]) {
          const found = model.filter(row => same(row.email, email))
          if (JSON.stringify(users.where('email', email)) !== JSON.stringify(found)) return false
        }
      }
    }
    return true
  }), { numRuns: 300 })
  t.end()
})

t.test('a list is right however much was written since the last, and the last stays what it was', t => {
  const write = fc.record({ op: fc.constantFrom('insert' as const, 'update' as const, 'remove' as const), id: fc.integer({ min: 1, max: 12 }) })
  fc.assert(fc.property(fc.array(fc.array(write, { maxLength: 80 }), { maxLength: 8 }), bursts => {
    const users = collection({ rows: [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }] })
    let model: Row[] = [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }]
    let n = 0
    for (const burst of bursts) {
      const last = users.rows()
      const text = JSON.stringify(last)
      for (const { op, id } of burst) {
        const at = model.findIndex(row => row.id === id)
        if (op === 'insert' && at === -1) model.push(users.insert({ id, n: ++n }))
        else if (op === 'update' && at !== -1) model[at] = users.update(id, { n: ++n })!
        else if (op === 'remove' && at !== -1) {
          users.remove(id)
          model = model.filter(row => row.id !== id)
        }
      }
      if (JSON.stringify(users.rows()) !== JSON.stringify(model) || JSON.stringify(last) !== text) return false
    }
    return true
  }), { numRuns: 200 })
  t.end()
})

t.test('rows', async t => {
  t.test('are copies that nobody can change', async t => {
    const users = collection()
    const given = { id: 1, tags: ['a'] }
    const row = users.insert(given)
    given.tags.push('b')
    t.same(users.get(1), { id: 1, tags: ['a'] })
    t.ok(Object.isFrozen(row) && Object.isFrozen(row.tags))
    const before = users.rows()
    users.update(1, { name: 'Ann' })
    t.same(before, [{ id: 1, tags: ['a'] }], 'a list that was handed out stays what it was')
  })

  t.test('of hostile names are rows like others', async t => {
    const users = collection({ unique: [['name']] })
    for (const name of HOSTILE.filter(name => name !== '')) {
      const row: Row = JSON.parse(`{"id": ${JSON.stringify(name)}, "name": ${JSON.stringify(name)}, "__proto__": {"admin": true}}`)
      users.insert(row)
      t.equal(JSON.stringify(users.get(name)), JSON.stringify(row))
      t.equal(users.get(name)?.admin, undefined)
      t.equal(users.where('__proto__', { admin: true }).length, users.size)
      t.same(users.where('name', name).map(row => row.id), [name])
    }
    t.equal(users.get('valueOf'), undefined)
    t.same(users.where('constructor', undefined).length, users.size)
  })

  t.test('keep integers of more digits than numbers have', async t => {
    const users = collection()
    for (const id of ['9007199254740992', '9007199254740993']) {
      const row = parseExactJson(`{"id":${id},"n":${id}}`)
      if (isObject(row)) users.insert(row)
    }
    t.equal(users.size, 2)
    t.equal(stringifyJson(users.get('9007199254740993')), '{"id":9007199254740993,"n":9007199254740993}')
    t.equal(stringifyJson(users.update('9007199254740993', { a: 1 })), '{"id":9007199254740993,"n":9007199254740993,"a":1}')
    t.equal(users.insert({}).id, 1, 'and the next id is counted from those that can be')
  })

  t.test('keep their id, whatever is put in their place', async t => {
    const users = collection({ rows: [{ id: 1, a: 1 }] })
    t.same(users.replace('1', { id: 2, b: 1 }), { id: 1, b: 1 })
    t.same(users.update(1, { id: 3, b: undefined }), { id: 1 })
    t.equal(users.replace(9, {}), undefined)
    t.equal(users.update(9, {}), undefined)
    t.equal(users.remove(9), undefined)
  })

  t.test('have versions that grow', async t => {
    const users = collection({ rows: [{ id: 1 }, { id: 2 }] })
    const before = [users.version, users.versionOf(1), users.versionOf(2)] as const
    users.update(1, { a: 1 })
    t.ok(users.version > before[0])
    t.ok(users.versionOf(1)! > before[1]!)
    t.equal(users.versionOf(2), before[2])
    t.equal(users.versionOf(3), undefined)
    const seen = users.version
    for (const change of [() => users.remove(1), () => users.clear(), () => users.insert({})]) {
      const last = users.version
      change()
      t.ok(users.version > last)
    }
    t.ok(users.version > seen)
  })

  t.test('whose id cannot be one are refused', async t => {
    const users = collection()
    for (const id of [{}, [], true, Number.NaN]) t.throws(() => users.insert({ id }), { code: 'MOCK_ERR_ROW_INVALID', statusCode: 422 })
    t.equal(users.size, 0)
  })
})

t.test('ids', async t => {
  t.test('follow those that there are', async t => {
    t.same(collection().insert({}), { id: 1 })
    t.equal(collection({ rows: [{ id: 7 }, {}] }).insert({}).id, 9)
    t.match(collection({ rows: [{ id: '5f0c0b3e-8e0a-4e61-9c7a-0242ac130003' }] }).insert({}).id, /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
    t.match(collection({ rows: [{ id: 'ann' }] }).insert({}).id, /^[\w-]{21}$/)
    t.same(collection({ idKey: '_id' }).insert({ id: 'other' }), { _id: 1, id: 'other' })
  })

  t.test('that were given are not given again', async t => {
    const users = collection({ rows: [{ id: 1 }] })
    users.insert({})
    users.remove(2)
    t.equal(users.insert({}).id, 3)
    users.clear()
    t.equal(users.insert({}).id, 4)
    users.insert({ id: 10 })
    t.equal(users.insert({ id: null }).id, 11)
  })

  t.test('are the same for the same seed', async t => {
    const ids = (seed: number) => {
      const users = createCollections([defineCollection('users', { ids: 'uuid' })], { seed }).get('users')!
      return [users.insert({}).id, users.insert({}).id]
    }
    t.same(ids(1), ids(1))
    t.notSame(ids(1), ids(2))
  })

  t.test('that are all taken are told', async t => {
    const users = collection({ ids: () => 'always the same' })
    users.insert({})
    t.throws(() => users.insert({}), { code: 'MOCK_ERR_ROW_CONFLICT' })
  })
})

t.test('unique keys', async t => {
  const users = collection({ rows: [{ id: 1, email: 'a', tenant: 1 }], unique: [['email'], ['tenant', 'nick']] })
  t.throws(() => users.insert({ email: 'a' }), { code: 'MOCK_ERR_ROW_CONFLICT', statusCode: 409, properties: ['email'] })
  users.insert({ email: null })
  users.insert({})
  users.insert({ tenant: 1, nick: 'x' })
  users.insert({ tenant: 2, nick: 'x' })
  t.throws(() => users.insert({ tenant: 2, nick: 'x' }), { code: 'MOCK_ERR_ROW_CONFLICT', properties: ['tenant', 'nick'] })
  t.throws(() => users.update(2, { email: 'a' }), { code: 'MOCK_ERR_ROW_CONFLICT' })
  t.ok(users.update(1, { email: 'a', other: 1 }), 'a row is no twin of itself')
  users.remove(1)
  t.ok(users.update(2, { email: 'a' }), 'what is gone is free')
})

t.test('timestamps', async t => {
  let time = 0
  const now = () => new Date(time)
  const users = collection({ timestamps: { created: 'created_at', updated: 'updated_at' } }, now)
  t.same(users.insert({ id: 1 }), { id: 1, created_at: '1970-01-01T00:00:00.000Z', updated_at: '1970-01-01T00:00:00.000Z' })
  time = 1_000
  t.same(users.replace(1, { a: 1 }), { id: 1, a: 1, created_at: '1970-01-01T00:00:00.000Z', updated_at: '1970-01-01T00:00:01.000Z' })
  t.match(users.insert({ id: 2, created_at: 'long ago' }), { created_at: 'long ago' })
})

t.test('soft deletion', async t => {
  const users = collection({ rows: [{ id: 1, email: 'a' }, { id: 2, email: 'b', deleted_at: 'once' }], softDelete: 'deleted_at', unique: [['email']] }, () => new Date(0))
  t.equal(users.size, 1)
  t.same(users.remove(1), { id: 1, email: 'a' })
  t.same([users.size, users.get(1), users.rows(), users.where('email', 'a'), users.versionOf(1)], [0, undefined, [], [], undefined])
  t.same(users.deleted(), [{ id: 1, email: 'a', deleted_at: '1970-01-01T00:00:00.000Z' }, { id: 2, email: 'b', deleted_at: 'once' }])
  t.throws(() => users.insert({ id: 1 }), { code: 'MOCK_ERR_ROW_CONFLICT' }, 'its id stays taken')
  users.insert({ id: 3, email: 'a' })
  t.throws(() => users.undelete(1), { code: 'MOCK_ERR_ROW_CONFLICT' }, 'its email does not')
  t.same(users.undelete(2), { id: 2, email: 'b' })
  t.equal(users.undelete(2), undefined)
  t.equal(users.size, 2)
  t.ok(defineCollection('users', { rows: [{ email: 'a', deleted_at: 'once' }, { email: 'a' }], softDelete: 'deleted_at', unique: [['email']] }))
})

t.test('snapshots', async t => {
  const collections = createCollections([defineCollection('users', { rows: [{ id: 1 }], unique: [['email']] }), defineCollection('posts')])
  const users = collections.get('users')!
  users.insert({ email: 'a' })
  collections.snapshots.save('one')
  users.clear()
  collections.get('posts')!.insert({})
  collections.snapshots.restore('one')
  t.same([users.rows(), collections.get('posts')!.rows()], [[{ id: 1 }, { id: 2, email: 'a' }], []])
  t.match(collections.snapshots.list(), [{ name: 'one', rows: { users: 2, posts: 0 } }])
  t.throws(() => collections.snapshots.restore('two'), { code: 'MOCK_ERR_SNAPSHOT_UNKNOWN', message: /there are one/ })
  t.throws(() => collections.restore({ nobody: [] }), { code: 'MOCK_ERR_COLLECTION_UNKNOWN', message: /there are users, posts/ })
  t.throws(() => collections.restore({ posts: [], users: [{ email: 'x' }, { email: 'x' }] }), { code: 'MOCK_ERR_ROW_CONFLICT' })
  t.equal(users.size, 2, 'rows that are not sound change nothing')
  collections.restore({ users: [{ email: 'x' }] })
  t.same(users.rows(), [{ id: 1, email: 'x' }])
  collections.reset('users')
  t.same(users.rows(), [{ id: 1 }])
  t.ok(collections.snapshots.delete('one'))
  for (let n = 0; n < 100; n++) collections.snapshots.save(String(n))
  t.throws(() => collections.snapshots.save('too many'), { code: 'MOCK_ERR_SNAPSHOT_LIMIT' })
})

t.test('two hundred scopes over a hundred thousand rows copy none of them', async t => {
  const definition = defineCollection('users', { rows: Array.from({ length: 100_000 }, (_, id) => ({ id: id + 1, name: `user ${id}` })), unique: [['name']] })
  const scopes = Array.from({ length: 200 }, () => createCollections([definition]).get('users')!)
  const before = process.memoryUsage().heapUsed
  for (const [index, users] of scopes.entries()) {
    users.insert({ name: `scope ${index}` })
    users.update(5, { name: 'five' })
    users.remove(7)
  }
  t.ok(process.memoryUsage().heapUsed - before < 50_000_000, 'a copy each would be 160 MB for the lists alone')
  t.same([scopes[3]?.size, scopes[3]?.get(100_001)?.name, scopes[3]?.where('name', 'user 4')], [100_000, 'scope 3', []])
})

t.test('configured', async t => {
  t.test('inline, out of files, of templates and of schemas', async t => {
    const cwd = t.testdir({
      'users.json': '[{ "id": 1, "name": "Ann" }]',
      'lines.jsonl': '{"id": 1}\n\n{"id": 2}\n',
      'posts.yaml': '- id: a\n  title: First\n',
      'db.json': '{ "some/where": { "tags": [{ "id": 1 }] } }'
    })
    const { mock } = await build(t, {
      cwd,
      seed: 1,
      collections: {
        inline: [{ name: 'Ann' }, { name: 'Bob' }],
        users: { file: 'users.json', timestamps: true },
        lines: { file: 'lines.jsonl' },
        posts: { file: 'posts.yaml', soft_delete: true },
        tags: { file: 'db.json#/some~1where/tags' },
        made: { count: 3, row: { name: "{{faker 'person.fullName'}}", n: '{{number}}' }, ids: 'M-{{padStart number 3 "0"}}' },
        like: { count: 2, schema: { $ref: '#/schemas/Like' } },
        empty: {}
      },
      schemas: { Like: { type: 'object', properties: { by: { type: 'string', minLength: 1 } }, required: ['by'] } }
    })
    const rows = (name: string) => mock.collections.get(name)!.rows()
    t.same(mock.collections.names(), ['inline', 'users', 'lines', 'posts', 'tags', 'made', 'like', 'empty'])
    t.same(rows('inline'), [{ id: 1, name: 'Ann' }, { id: 2, name: 'Bob' }])
    t.match(rows('users'), [{ id: 1, name: 'Ann', created_at: /^\d{4}-/, updated_at: /^\d{4}-/ }])
    t.same(rows('lines'), [{ id: 1 }, { id: 2 }])
    t.same(rows('posts'), [{ id: 'a', title: 'First' }])
    t.same(rows('tags'), [{ id: 1 }])
    t.match(rows('made'), [{ id: 'M-001', name: /./, n: 1 }, { id: 'M-002', n: 2 }, { id: 'M-003', n: 3 }])
    t.equal(mock.collections.get('made')!.insert({}).id, 'M-004')
    t.match(rows('like'), [{ id: 1, by: /./ }, { id: 2, by: /./ }])
    t.throws(() => mock.collections.get('like')!.insert({ by: 1 }), { code: 'MOCK_ERR_ROW_INVALID', message: /\/by must be string/, violations: [{ pointer: '/by', rule: 'type' }] })
    t.ok(mock.files.includes(join(cwd, 'users.json')), 'files of rows are watched')
  })

  t.test('mistakes are told with their place', async t => {
    const cwd = t.testdir({
      inside: {
        'users.json': '[\n  { "id": 1, "name": "Ann" },\n  { "id": 1 },\n  { "id": 3, "name": 4 }\n]',
        'object.json': '{}',
        'broken.json': '[{]',
        'broken.jsonl': '{}\nx',
        'a.yaml': 'collections: { users: [{ id: 1 }] }',
        'b.yaml': 'collections: { users: [{ id: 2 }] }'
      },
      'outside.json': '[]'
    })
    const folder = join(cwd, 'inside')
    const app = await build(t, { cwd: folder })
    const check = async (users: unknown) => (await app.mock.validate({ collections: { users } } as object))
      .map(({ code, message, pointer, line, file }) => [code, message, pointer, ...file === undefined ? [] : [file.slice(folder.length + 1), line]])
    const schema = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] }
    t.same(await check({ file: 'users.json', schema }), [
      ['bad-row', "row 2 of 'users': the id '1' is taken by row 1 already", '/1/id', 'users.json', 3],
      ['bad-row', "row 3 of 'users': /name must be string", '/2/name', 'users.json', 4]
    ])
    t.same(await check({ rows: [{ email: 'a' }, { email: 'a' }], unique: ['email'] }), [['bad-row', "row 2 of 'users': email have to be unique, and are those of row 1", '/collections/users/rows/1/email']])
    t.same(await check([{ id: {} }]), [['bad-row', "row 1 of 'users': the id has to be a text or a number, and is {}", '/collections/users/0/id']])
    t.match(await check({ file: 'user.json' }), [['no-file', "there is no file 'user.json'", '/collections/users/file']])
    t.match(await check({ file: '../outside.json' }), [['file-outside', /leads out/, '/collections/users/file']])
    t.match(await check({ file: 'object.json' }), [['bad-seed', /it has to be a list of rows/, '/collections/users/file']])
    t.match(await check({ file: 'object.json#/x' }), [['bad-seed', /there is no list of rows at \/x/]])
    t.match(await check({ file: 'broken.json' }), [['bad-syntax', /found `\]`/, '', 'broken.json', 1]])
    t.match(await check({ file: 'broken.jsonl' }), [['bad-seed', /line 2 is no JSON/]])
    t.match(await check({ rows: [], count: 1 }), [['conflicting-keys', /both say what rows there are/], ['missing-key']])
    t.match(await check({ row: {} }), [['missing-key', /'count' does not say how many/]])
    t.match(await check({ count: 1 }), [['missing-key', /neither 'row' nor 'schema'/]])
    t.match(await check({ count: 1, row: { a: '{{nope 1}}' } }), [['bad-template', /unknown helper 'nope'/, '/collections/users/row/a']])
    t.match(await check({ ids: '{{nope 1}}' }), [['bad-template', /unknown helper 'nope'/, '/collections/users/ids']])
    t.match(await check({ ids: 'serial' }), [['bad-format', /increment, uuid, nanoid, or a template/]])
    t.match(await check({ schema: { $ref: '#/schemas/User' } }), [['unresolved-ref', /no schema 'User'/]])
    t.match(await check({ colour: 1 }), [['unknown-key', /colour/]])
    t.match(await app.mock.validate({ include: ['a.yaml', 'b.yaml'] }), [{ severity: 'warning', code: 'duplicate-collection', message: /already defined at .*a.yaml:1/ }])
    await t.rejects(build(t, { collections: { users: 1 } } as object), { code: 'MOCK_ERR_CONFIG_INVALID' })
  })

  t.test('a hundred thousand rows are read while others are answered', async t => {
    const cwd = t.testdir({ 'users.json': JSON.stringify(Array.from({ length: 100_000 }, (_, id) => ({ id, name: `name "${id}", [x` }))) })
    let turns = 0
    const over = new AbortController()
    const counting = (async () => { for (; !over.signal.aborted; turns++) await setImmediate() })()
    const app = await build(t, { cwd, collections: { users: { file: 'users.json', unique: ['name'] } } })
    over.abort()
    await counting
    t.equal(app.mock.collections.get('users')!.size, 100_000)
    t.equal(app.mock.collections.get('users')!.get(99_999)!.name, 'name "99999", [x')
    t.ok(turns > 50, `the event loop went round ${turns} times`)
  })

  t.test('a reload keeps what was written', async t => {
    const cwd = t.testdir({ 'users.json': '[{ "id": 1 }]' })
    const { mock } = await build(t, { cwd, collections: { users: { file: 'users.json' }, posts: [{ id: 1 }] } })
    const users = mock.collections.get('users')!
    await mock.reload()
    t.same(users.rows(), [{ id: 1 }])
    writeFileSync(join(cwd, 'users.json'), '[{ "id": 5 }]')
    t.same((await mock.reload()).warnings, [])
    t.same(mock.collections.get('users')!.rows(), [{ id: 5 }], 'rows that nobody wrote to are those of the file')
    mock.collections.get('users')!.insert({})
    t.same((await mock.reload()).warnings, [])
    t.same(mock.collections.get('users')!.rows(), [{ id: 5 }, { id: 6 }])
    writeFileSync(join(cwd, 'users.json'), '[{ "id": 7 }]')
    t.match((await mock.reload()).warnings, [{ code: 'state-lost', message: /'users' starts with other rows now, and keeps those it has/ }])
    t.same(mock.collections.get('users')!.rows(), [{ id: 5 }, { id: 6 }])
    mock.collections.reset('users')
    t.same(mock.collections.get('users')!.rows(), [{ id: 7 }])
    mock.collections.get('users')!.insert({ id: 8 })
    await mock.reload({ collections: { posts: [{ id: 1 }] } })
    t.same(mock.collections.names(), ['posts'])
    await mock.reload({ collections: { users: { file: 'users.json' } } })
    t.same(mock.collections.get('users')!.rows(), [{ id: 7 }, { id: 8 }], 'and what comes back has what was written')
    mock.reset()
    t.equal(mock.collections.get('users')!.size, 1)
  })
})

t.test('templates answer with the status of what is wrong', async t => {
  const app = await build(t, {
    collections: { users: { rows: [{ id: 1, email: 'a' }], unique: ['email'], schema: { type: 'object', required: ['email'] } } },
    endpoints: [
      { path: '/users', method: 'POST', status: 201, response: "{{insert 'users' request.body}}" },
      { path: '/users/:id', response: "{{row 'users' request.params.id}}" },
      { path: '/nobody', response: "{{rows 'nobody'}}" }
    ]
  })
  const post = async (payload: object) => (await app.inject({ method: 'POST', url: '/users', payload })).statusCode
  t.equal(await post({ email: 'b' }), 201)
  t.equal(await post({ email: 'a' }), 409)
  t.equal(await post({ name: 'x' }), 422)
  t.equal(await post([1]), 422)
  t.same((await app.inject('/users/2')).json(), { id: 2, email: 'b' })
  const missing = await app.inject('/nobody')
  t.equal(missing.statusCode, 500)
  t.match(missing.json().detail, /no collection called 'nobody': there are users/)
})

t.test('mock control', async t => {
  const app = await build(t, { collections: { users: { rows: [{ id: 1, name: 'Ann' }, { id: 2 }, { id: 'a/b' }], soft_delete: true, schema: { type: 'object', properties: { name: { type: 'string' } } } } } })
  const call = async (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, payload?: object) => {
    const answer = await app.inject({ method, url: `/__mock/api${path}`, ...payload !== undefined && { payload } })
    return { status: answer.statusCode, location: answer.headers.location, body: answer.body === '' ? undefined : answer.json() }
  }
  t.match(await call('GET', '/collections'), { status: 200, body: { collections: [{ name: 'users', size: 3, id: 'id' }] } })
  t.match(await call('GET', '/collections/users'), { body: { name: 'users', size: 3 } })
  t.match(await call('GET', '/collections/posts'), { status: 404, body: { code: 'MOCK_ERR_COLLECTION_UNKNOWN' } })
  t.same((await call('GET', '/collections/users/rows?limit=1&offset=1')).body, { rows: [{ id: 2 }], total: 3, next: '/__mock/api/collections/users/rows?limit=1&offset=2' })
  t.match(await call('PUT', '/snapshots/before'), { status: 200, body: { name: 'before', rows: { users: 3 } } })

  t.match(await call('POST', '/collections/users/rows', { id: 'x y', name: 'Eve' }), { status: 201, location: '/__mock/api/collections/users/rows/x%20y', body: { id: 'x y', name: 'Eve' } })
  t.match(await call('POST', '/collections/users/rows', { id: 1 }), { status: 409, body: { code: 'MOCK_ERR_ROW_CONFLICT' } })
  t.match(await call('POST', '/collections/users/rows', { name: 1 }), { status: 422, body: { code: 'MOCK_ERR_ROW_INVALID' } })
  t.match(await call('POST', '/collections/users/rows', []), { status: 400, body: { code: 'MOCK_ERR_CONTROL_BODY' } })
  t.match(await call('POST', '/collections/users/rows'), { status: 400 })
  t.same((await call('GET', '/collections/users/rows/x%20y')).body, { id: 'x y', name: 'Eve' })
  t.same((await call('GET', '/collections/users/rows/a%2Fb')).body, { id: 'a/b' })
  t.match(await call('GET', '/collections/users/rows/9'), { status: 404, body: { code: 'MOCK_ERR_ROW_UNKNOWN' } })
  t.same((await call('PUT', '/collections/users/rows/2', { name: 'Bob' })).body, { id: 2, name: 'Bob' })
  t.same((await call('PATCH', '/collections/users/rows/2', { name: null, age: 3 })).body, { id: 2, age: 3 })
  t.equal((await call('DELETE', '/collections/users/rows/2')).status, 204)
  t.equal((await call('DELETE', '/collections/users/rows/2')).status, 404)
  t.match((await call('GET', '/collections/users/rows?deleted=true')).body, { rows: [{ id: 2 }], total: 1 })
  t.same((await call('POST', '/collections/users/rows/2/restore')).body, { id: 2, age: 3 })

  t.equal((await call('PUT', '/collections/users/rows', [{ name: 'Only' }])).status, 204)
  t.match((await call('GET', '/collections/users/rows')).body, { rows: [{ id: /[\w-]{21}/, name: 'Only' }], total: 1 })
  t.match(await call('PUT', '/collections/users/rows', {}), { status: 400 })
  t.match(await call('PUT', '/collections/users/rows', [1]), { status: 400 })
  t.equal((await call('POST', '/snapshots/before/restore')).status, 204)
  t.same((await call('GET', '/collections/users/rows')).body.rows, [{ id: 1, name: 'Ann' }, { id: 2 }, { id: 'a/b' }])
  t.match((await call('GET', '/snapshots')).body, { snapshots: [{ name: 'before' }] })
  t.equal((await call('DELETE', '/snapshots/before')).status, 204)
  t.match(await call('DELETE', '/snapshots/before'), { status: 404 })
  t.match(await call('POST', '/snapshots/before/restore'), { status: 404, body: { code: 'MOCK_ERR_SNAPSHOT_UNKNOWN' } })

  t.equal((await call('DELETE', '/collections/users/rows')).status, 204)
  t.equal(app.mock.collections.get('users')!.size, 0)
  t.equal((await call('POST', '/collections/users/reset')).status, 204)
  t.equal(app.mock.collections.get('users')!.size, 3)
  app.mock.collections.get('users')!.clear()
  t.equal((await call('POST', '/collections/reset')).status, 204)
  t.equal(app.mock.collections.get('users')!.size, 3)
})

t.test('docs/collections.md is right', async t => {
  const guide = readFileSync(new URL('../docs/collections.md', import.meta.url), 'utf8')
  const [config = '', persist = ''] = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text)
  const cwd = t.testdir({ 'mock.yaml': config + persist })
  const app = await build(t, { cwd, include: ['mock.yaml'] })
  const asked = [...guide.matchAll(/^\| `(GET|POST|PATCH) (\S+)`(?: `(.+?)`)? \| (\d+)(?: `(.+)`)? \|$/gm)]
  t.equal(asked.length, 9)
  for (const [, method, url, body, status, answer] of asked) {
    const { statusCode, body: text } = await app.inject({ method: method === 'GET' ? 'GET' : method === 'POST' ? 'POST' : 'PATCH', url: url ?? '', ...body !== undefined && { payload: JSON.parse(body) } })
    t.equal(statusCode, Number(status), `${method} ${url}: ${text}`)
    if (answer !== undefined) t.same(text.startsWith('ORD') ? text : JSON.parse(text), JSON.parse(answer))
  }
  const [, code = ''] = /```js\n([\s\S]*?)```/.exec(guide) ?? []
  // The page's own lines, run as they stand.
  const script = join(cwd, 'page.mjs')
  writeFileSync(script, `export default function (app) {\n${code}}\n`)
  const { default: run } = await import(pathToFileURL(script).href)
  run(app)
  t.same(app.mock.collections.get('users')!.rows().map(({ id }) => id), [1, 2])
  await app.mock.flush()
})
