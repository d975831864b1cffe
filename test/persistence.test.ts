import { buildSync } from 'esbuild'
import fc from 'fast-check'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, copyFileSync, existsSync, readdirSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import Fastify from 'fastify'
import t from 'tap'
import type { Row } from '../lib/collection/collection.ts'
import { defineCollection } from '../lib/collection/define-collection.ts'
import type { CollectionDefinition } from '../lib/collection/definition.ts'
import type { Persist } from '../lib/config.ts'
import { runAtOnce } from '../lib/config/slices.ts'
import { keepState } from '../lib/persist/keep-state.ts'
import { decodeRecords, encodeRecord } from '../lib/persist/record-line.ts'
import { createRandom } from '../lib/random.ts'
import { createStore } from '../lib/store.ts'
import mockPlugin from '../plugins/mock.ts'
import { build } from './helper.ts'
import { definitions, latest, write } from './persisting-writer.ts'

const KILLS = 50
const KILLS_PER_FOLDER = 5

interface OpenOptions {
  persist?: Omit<Persist, 'folder'>
  definitions?: CollectionDefinition[]
  compactAt?: number
}

/** A store of its own that goes on with what the folder holds. */
async function open (folder: string, { persist = {}, definitions: own = [], compactAt }: OpenOptions = {}) {
  const warnings: string[] = []
  const store = createStore()
  store.configure({}, own)
  const kept = await keepState(store, { folder, persist, config: {}, definitions: own, ...compactAt !== undefined && { compactAt }, onWarning: (message, details) => warnings.push(`${message} ${JSON.stringify(details)}`) })
  return { store, kept, warnings }
}

/** The rows after so many writes of `persisting-writer`, found without any of the code under test. */
function model (writes: number): Row[] {
  const rows = new Map<string, Row>([['seed', { id: 'seed', n: 0 }]])
  const things = {
    insert: (row: Row) => { rows.set(String(row.id), row); return row },
    replace: (id: string | number, row: Row) => { rows.set(String(id), { id, ...row }); return row },
    remove: (id: string | number) => { rows.delete(String(id)); return undefined }
  }
  for (let n = 1; n <= writes; n++) write(things, n)
  return [...rows.values()]
}

async function linesUntilKilled (child: ChildProcess, delay: number): Promise<number[]> {
  const told: number[] = []
  if (child.stdout === null) return told
  const closed = once(child, 'close')
  const lines = createInterface({ input: child.stdout }).on('line', line => told.push(Number(line)))
  await Promise.race([once(lines, 'line'), closed])
  await setTimeout(delay)
  child.kill('SIGKILL')
  await closed
  return told
}

t.test(`killed ${KILLS} times under load, a server has what it promised to keep, and nothing by half`, async t => {
  const folder = t.testdir()
  const writer = join(folder, 'writer.mjs')
  buildSync({ entryPoints: [join(import.meta.dirname, 'persisting-writer.ts')], outfile: writer, bundle: true, packages: 'external', platform: 'node', format: 'esm', target: 'node20' })
  const random = createRandom(7)
  let promised = 0

  async function killOften (name: string): Promise<void> {
    const state = join(folder, name)
    for (let kill = 0; kill < KILLS_PER_FOLDER; kill++) {
      const fsync = random.pick(['always', 'interval', 'never'] as const)
      const child = spawn(process.execPath, [writer, state, fsync], { stdio: ['ignore', 'pipe', 'inherit'] })
      const told = await linesUntilKilled(child, random.int(0, 120))
      const acknowledged = told.at(-1) ?? 0
      promised += acknowledged
      const { store, kept } = await open(state, { definitions: definitions() })
      const rows = store.collections.get('things')?.rows() ?? []
      await kept.close()
      let writes = latest(rows)
      if (writes % 5 === 3 && !rows.some(({ id }) => id === `row ${writes - 2}`)) writes++
      t.ok(writes >= acknowledged, `${name}, kill ${kill} (${fsync}): ${acknowledged} promised, ${writes} kept`)
      t.same(rows, model(writes), 'what is there is what was there after some write')
    }
  }
  const names = Array.from({ length: KILLS / KILLS_PER_FOLDER }, (_, index) => `state-${index}`)
  const lanes = [names.filter((_, index) => index % 2 === 0), names.filter((_, index) => index % 2 === 1)]
  await Promise.all(lanes.map(async lane => { for (const name of lane) await killOften(name) }))
  t.ok(promised > 0, 'something was promised at all')
})

t.test('what a server has answered is there after it was killed', async t => {
  const folder = t.testdir()
  const server = join(folder, 'server.mjs')
  buildSync({ entryPoints: [join(import.meta.dirname, 'persisting-server.ts')], outfile: server, bundle: true, packages: 'external', platform: 'node', format: 'esm', target: 'node20' })
  copyFileSync(join(import.meta.dirname, '../lib/config.schema.json'), join(folder, 'config.schema.json'))
  const answered = new Set<number>()
  let n = 0
  for (let kill = 0; kill < 2; kill++) {
    const child = spawn(process.execPath, [server, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
    const closed = once(child, 'close')
    const [address] = await once(createInterface({ input: child.stdout }), 'line')
    const clients = Array.from({ length: 8 }, async () => {
      for (;;) {
        const body = JSON.stringify({ n: n++ })
        const { status } = await fetch(`${address}/users`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
        if (status === 201) answered.add(JSON.parse(body).n)
      }
    })
    const ended = Promise.allSettled(clients)
    await setTimeout(300)
    child.kill('SIGKILL')
    await closed
    await ended
  }
  const { store, kept } = await open(join(folder, 'state'), { definitions: [defineCollection('users')] })
  const users = store.collections.get('users')!
  const there = new Set(users.rows().map(row => row.n))
  await kept.close()
  t.ok(answered.size > 0)
  t.same([...answered].filter(n => !there.has(n)), [], `${answered.size} answered, ${there.size} there`)
})

t.test('cut at every byte, a journal gives the records that are whole', async t => {
  const records = [{ a: 1 }, { text: 'zwölf\nlines' }, { list: [null, { b: '\u2028' }] }, {}, { __proto__: null, n: 9007199254740993n }]
  const whole = Buffer.from(records.map(encodeRecord).join(''))
  const ends = records.map((_, index) => Buffer.byteLength(records.slice(0, index + 1).map(encodeRecord).join('')))
  for (let cut = 0; cut <= whole.length; cut++) {
    const { records: read, length } = runAtOnce(decodeRecords(whole.subarray(0, cut)))
    const sound = ends.filter(end => end <= cut)
    if (read.length !== sound.length || length !== (sound.at(-1) ?? 0)) t.fail(`cut at ${cut}`)
  }
  for (let at = 0; at < whole.length; at++) {
    const damaged = Buffer.from(whole)
    damaged[at]! ^= 0x20
    const { records: read } = runAtOnce(decodeRecords(damaged))
    if (read.length > ends.filter(end => end <= at).length) t.fail(`byte ${at} is another, and nobody sees it`)
  }
  t.end()
})

const key = fc.constantFrom('a', 'b', '1', '__proto__', 'constructor')
const value = fc.oneof(fc.integer(), fc.string(), fc.constant(null), fc.array(fc.boolean(), { maxLength: 2 }))
const operation = fc.oneof(
  { weight: 5, arbitrary: fc.record({ op: fc.constant('put' as const), key, value }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('remove' as const), key }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('clear' as const) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('reset' as const) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('restore' as const) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('variable' as const), key, value }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('scenario' as const), key }) }
)

t.test('whatever was done, what is read back is the state after some operation, and after all when nothing was cut', async t => {
  const folder = t.testdir()
  let number = 0
  const defined = () => [defineCollection('things', { rows: [{ id: 'a', v: 0 }, { id: 'b', v: 0 }] })]
  await fc.assert(fc.asyncProperty(fc.array(operation, { maxLength: 40 }), fc.option(fc.nat(), { nil: undefined }), fc.constantFrom(undefined, 200), async (operations, cut, compactAt) => {
    const state = join(folder, String(number++))
    const tell = ({ store }: Awaited<ReturnType<typeof open>>) => JSON.stringify([
      store.collections.get('things')?.rows(), store.variables.entries().sort(), store.scenarios.list().map(({ name, state }) => [name, state]).sort()
    ])
    const first = await open(state, { definitions: defined(), compactAt })
    const things = first.store.collections.get('things')!
    const snapshot = first.store.collections.snapshot()
    const history = [tell(first)]
    for (const step of operations) {
      if (step.op === 'put') things.get(step.key) === undefined ? things.insert({ id: step.key, v: step.value }) : things.replace(step.key, { v: step.value })
      else if (step.op === 'remove') things.remove(step.key)
      else if (step.op === 'clear') things.clear()
      else if (step.op === 'reset') first.store.collections.reset()
      else if (step.op === 'restore') first.store.collections.restore(snapshot)
      else if (step.op === 'variable') first.store.variables.set(step.key, step.value)
      else first.store.scenarios.move('cart', step.key)
      history.push(tell(first))
      if (cut !== undefined && cut % 3 === 0) await first.kept.flushed()
    }
    await first.kept.close()
    const journal = join(state, readdirSync(state).find(name => name.startsWith('journal'))!)
    if (cut !== undefined) truncateSync(journal, cut % (readFileSync(journal).length + 1))
    const second = await open(state, { definitions: defined() })
    const found = tell(second)
    await second.kept.close()
    t.equal(existsSync(join(state, 'lock')), false)
    return cut === undefined ? found === history.at(-1) : history.includes(found)
  }), { numRuns: 60 })
})

t.test('what is not whole is cut off, kept beside, and told', async t => {
  const folder = t.testdir()
  const first = await open(folder)
  first.store.variables.set('a', 1)
  await first.kept.close()
  appendFileSync(join(folder, 'journal-1.jsonl'), '0000')
  const second = await open(folder)
  t.match(second.warnings, [/not written whole.*the last 4 bytes of journal-1/])
  t.equal(second.store.variables.get('a'), 1)
  second.store.variables.set('b', 2)
  await second.kept.close()
  t.equal(readFileSync(join(folder, 'journal-1.jsonl.torn'), 'utf8'), '0000')
  const third = await open(folder)
  t.same(third.warnings, [])
  t.equal(third.store.variables.get('b'), 2, 'what came after is there')
  await third.kept.close()
})

t.test('a snapshot that is damaged is no reason to begin anew', async t => {
  const folder = t.testdir()
  const { store, kept } = await open(folder, { compactAt: 100 })
  for (let n = 0; n < 20; n++) {
    store.variables.set('n', n)
    await kept.flushed()
  }
  await kept.close()
  const snapshot = readdirSync(folder).find(name => name.startsWith('snapshot'))!
  truncateSync(join(folder, snapshot), 80)
  await t.rejects(open(folder), { code: 'MOCK_ERR_PERSIST_UNREADABLE', message: /damaged/ })
  await t.rejects(open(folder), { code: 'MOCK_ERR_PERSIST_UNREADABLE' }, 'and the folder is not left locked')
  writeFileSync(join(folder, snapshot), encodeRecord({ format: 'fastify-mock-server state', version: 99 }) + encodeRecord({ end: 0 }))
  await t.rejects(open(folder), { code: 'MOCK_ERR_PERSIST_UNREADABLE', message: /later version/ })
})

t.test('one process at a time', async t => {
  const folder = t.testdir({ dead: {}, alive: {} })
  const own = await open(folder)
  await t.rejects(open(folder), { code: 'MOCK_ERR_PERSIST_LOCKED', message: /in this process/ })
  await own.kept.close()

  const dead = join(folder, 'dead')
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'close')
  writeFileSync(join(dead, 'lock'), JSON.stringify({ pid: child.pid, host: hostname(), token: 'x' }))
  await (await open(dead)).kept.close()
  t.notOk(existsSync(join(dead, 'lock')), 'the lock of a process that is gone is taken over, and given back')

  const alive = join(folder, 'alive')
  writeFileSync(join(alive, 'lock'), JSON.stringify({ pid: process.ppid, host: 'elsewhere', token: 'x' }))
  const beat = setInterval(() => utimesSync(join(alive, 'lock'), new Date(), new Date()), 50)
  await t.rejects(open(alive), { code: 'MOCK_ERR_PERSIST_LOCKED', message: /process \d+ on elsewhere/ })
  clearInterval(beat)
})

t.test('a server goes on where it ended', async t => {
  const cwd = t.testdir({ 'users.json': '[{ "id": 1, "name": "Ann" }]' })
  const config = {
    cwd,
    persist: { folder: 'state', fsync: 'always' as const },
    collections: { users: { file: 'users.json' } },
    endpoints: [{ path: '/users', method: 'POST', status: 201, response: "{{insert 'users' request.body}}" }]
  }
  const first = Fastify()
  await first.register(mockPlugin, config)
  t.same((await first.inject({ method: 'POST', url: '/users', payload: { name: 'Bob' } })).json(), { id: 2, name: 'Bob' })
  first.mock.variables.set('rate', 2)
  await first.close()

  writeFileSync(join(cwd, 'users.json'), '[]')
  const second = await build(t, config)
  t.same(second.mock.collections.get('users')?.rows(), [{ id: 1, name: 'Ann' }, { id: 2, name: 'Bob' }], 'whatever becomes of the file')
  t.equal(second.mock.variables.get('rate'), 2)
  await second.mock.flush()

  const other = Fastify()
  t.teardown(() => other.close())
  await t.rejects(async () => await other.register(mockPlugin, config), { code: 'MOCK_ERR_PERSIST_LOCKED' })
})

t.test('a collection that is not declared for a while is there again when it is', async t => {
  const folder = t.testdir()
  const declared = { definitions: [defineCollection('users', { idKey: '_id' })] }
  const first = await open(folder, declared)
  first.store.collections.get('users')!.insert({ _id: 'x' })
  await first.kept.close()
  const without = await open(folder, { compactAt: 1 })
  t.same(without.store.collections.names(), [])
  without.store.variables.set('a', 1)
  await without.kept.close()
  const again = await open(folder, declared)
  t.same(again.store.collections.get('users')!.rows(), [{ _id: 'x' }])
  await again.kept.close()
  const moved = await open(folder, { definitions: [defineCollection('users')] })
  t.match(moved.warnings, [/'users' is left out, as its ids are elsewhere/])
  await moved.kept.close()
})

t.test('ids are not given twice, however often it is started', async t => {
  const folder = t.testdir()
  const ids: unknown[] = []
  for (let start = 0; start < 4; start++) {
    const { store, kept } = await open(folder, { definitions: [defineCollection('a'), defineCollection('b', { ids: 'uuid' })], compactAt: 50 })
    for (const name of ['a', 'b']) {
      const collection = store.collections.get(name)!
      ids.push(collection.insert({}).id)
      const { id } = collection.insert({})
      ids.push(id)
      if (name === 'a') collection.remove(Number(id))
    }
    await kept.flushed()
    await kept.close()
  }
  t.equal(new Set(ids).size, ids.length)
})

t.test('with a disk that fails, nothing is promised', async t => {
  const cwd = t.testdir()
  const app = await build(t, {
    cwd,
    persist: { folder: 'state', fsync: 'always' },
    endpoints: [{ path: '/n', method: 'POST', response: "{{setVariable 'n' request.body}}ok" }]
  })
  t.equal((await app.inject({ method: 'POST', url: '/n', payload: { n: 1 } })).statusCode, 200)
  // Somebody else takes the folder over.
  writeFileSync(join(cwd, 'state', 'lock'), JSON.stringify({ pid: 1, host: 'elsewhere', token: 'theirs' }))
  while ((await app.inject({ method: 'POST', url: '/n', payload: { n: 2 } })).statusCode === 200) await setTimeout(50)
  const refused = await app.inject({ method: 'POST', url: '/n', payload: { n: 3 } })
  t.equal(refused.statusCode, 503)
  t.match(refused.json(), { code: 'MOCK_ERR_PERSIST_FAILED' })
  t.equal(JSON.parse(readFileSync(join(cwd, 'state', 'lock'), 'utf8')).token, 'theirs', 'and their lock is left alone')
})

t.test('what is no JSON is left out, and costs nothing else', async t => {
  const folder = t.testdir()
  const first = await open(folder)
  const round: Record<string, unknown> = {}
  round.round = round
  first.store.variables.set('before', 1)
  first.store.variables.set('round', round)
  first.store.variables.set('after', 2)
  await first.kept.flushed()
  t.match(first.warnings, [/what is no JSON is not kept.*"variable"/])
  await first.kept.close()
  // A snapshot holds it as well.
  const second = await open(folder, { compactAt: 1 })
  second.store.variables.set('round', round)
  second.store.variables.set('last', 3)
  await second.kept.close()
  const third = await open(folder)
  t.same(third.store.variables.entries(), [['before', 1], ['after', 2], ['last', 3]])
  await third.kept.close()
})

t.test('a state that the configuration does not have any more is none that a server goes on with', async t => {
  const cwd = t.testdir()
  const persist = { folder: 'state' }
  const first = Fastify()
  await first.register(mockPlugin, { cwd, persist, scenarios: { cart: { states: ['empty', 'full'] }, door: { states: ['shut', 'open'] } } })
  first.mock.scenarios.set('cart', 'full')
  first.mock.scenarios.set('door', 'open')
  await first.close()
  const second = await build(t, { cwd, persist, scenarios: { cart: { states: ['empty', 'paid'] }, door: { states: ['shut', 'open'] } } })
  t.same([second.mock.scenarios.state('cart'), second.mock.scenarios.state('door')], ['empty', 'open'])
})

t.test('timed transitions go on from when their state was entered, however often a server is started', async t => {
  const cwd = t.testdir()
  let now = 1_000_000
  const config = { cwd, clock: { now: () => now }, persist: { folder: 'state' }, scenarios: { order: { after: [{ from: 'paid', to: 'shipped', delay_ms: 1000 }] } } }
  const states: string[] = []
  for (let start = 0; start < 4; start++) {
    const app = Fastify()
    await app.register(mockPlugin, config)
    if (start === 0) app.mock.scenarios.set('order', 'paid')
    states.push(app.mock.scenarios.state('order'))
    await app.close()
    now += 400
  }
  t.same(states, ['paid', 'paid', 'paid', 'shipped'])
})

t.test('a folder that cannot be had is told as what it is', async t => {
  const cwd = t.testdir({ state: 'a file' })
  const app = Fastify()
  t.teardown(() => app.close())
  await t.rejects(async () => await app.register(mockPlugin, { cwd, persist: { folder: 'state' } }), { code: 'MOCK_ERR_PERSIST_UNREADABLE', cause: { code: 'EEXIST' } })
})

t.test('a reload with another `persist` says that it takes a restart', async t => {
  const cwd = t.testdir()
  const persist = { folder: 'state' }
  const app = await build(t, { cwd, persist })
  t.same((await app.mock.reload({ persist })).warnings, [])
  for (const other of [{ persist: { folder: 'elsewhere' } }, { persist: { ...persist, fsync: 'always' as const } }, {}]) {
    t.match((await app.mock.reload(other)).warnings, [{ severity: 'warning', code: 'persist-ignored', pointer: '/persist' }])
  }
  t.same((await app.mock.reload({ persist })).warnings, [])
  const without = await build(t, { cwd })
  t.match((await without.mock.reload({ persist: { folder: 'new' } })).warnings, [{ code: 'persist-ignored' }])
})
