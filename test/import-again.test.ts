import fc from 'fast-check'
import { rename, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { parseSource, type Format } from '../lib/config/source.ts'
import { validateConfig } from '../lib/config/validate.ts'
import { runAtOnce } from '../lib/config/slices.ts'
import { formatBase, parseBase } from '../lib/import-merge/base-file.ts'
import { renderConfig, toFileForm } from '../lib/import-merge/file-form.ts'
import { mergeImport } from '../lib/import-merge/merge-import.ts'
import type { Side } from '../lib/import-merge/slot.ts'
import { updateText } from '../lib/import-merge/update-text.ts'
import type { ReloadEvent } from '../lib/mock.ts'
import { importDocument } from '../lib/openapi/import.ts'
import { createRefs } from '../lib/openapi/refs.ts'
import { dropBrokenExamples } from '../lib/verify/drop-broken-examples.ts'
import { locateExample } from '../lib/verify/locate-example.ts'
import { verifyAnswers } from '../lib/verify/verify-answers.ts'
import { build, until } from './helper.ts'

type Value = Record<string, unknown>

const ok = (schema: unknown, more: Value = {}): Value => ({ description: 'ok', content: { 'application/json': { schema, ...more } } })

const BOAT = { $ref: '#/components/schemas/Boat' }

/** A document, as it is when nobody has changed it. */
const harbour = (): { openapi: string, info: Value, paths: Record<string, Record<string, Value>>, components: { schemas: Record<string, Value> } } => ({
  openapi: '3.0.3',
  info: { title: 'Harbour', version: '1' },
  paths: {
    '/boats': {
      get: {
        operationId: 'listBoats',
        parameters: [{ name: 'limit', in: 'query', schema: { type: 'integer', maximum: 50 } }],
        responses: { 200: ok({ type: 'array', items: BOAT }, { example: [{ id: 1, name: 'Ada' }] }), 404: { description: 'none' } }
      }
    },
    '/boats/{id}': {
      get: { operationId: 'getBoat', parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }], responses: { 200: ok(BOAT) } },
      delete: { operationId: 'sinkBoat', responses: { 204: { description: 'gone' } } }
    }
  },
  components: { schemas: { Boat: { type: 'object', required: ['id'], properties: { id: { type: 'integer' }, name: { type: 'string' } } } } }
})

type Document = ReturnType<typeof harbour>

const imported = (document: unknown): Value => toFileForm(importDocument(structuredClone(document)).config)

interface Again {
  /** What people do to the file. */
  edit?: (text: string) => string
  /** What happens to the document. */
  change?: (document: Document) => void
  format?: Format
  prefer?: Side
}

/** Imports the document, edits the file, changes the document, and updates. */
function again ({ edit = text => text, change = () => {}, format = 'yaml', prefer }: Again) {
  const file = `mock.${format}`
  const base = imported(harbour())
  const document = harbour()
  change(document)
  const text = edit(renderConfig(base, file))
  const now = imported(document)
  const { value } = parseSource(text, { file })
  const result = updateText({ file, text, format, value, base, document: now }, prefer)
  const config = parseSource(result.text, { file }).value as { endpoints: Value[], schemas: Record<string, Value> } & Value
  return { ...result.merge, text: result.text, before: text, fresh: renderConfig(now, file), config, now, file, endpoint: (id: string) => config.endpoints.find(endpoint => endpoint.id === id) }
}

t.test('an update takes over what the document changed, and keeps what the file changed', async t => {
  t.test('an endpoint that nobody has touched is as in a fresh import', async t => {
    for (const format of ['json', 'yaml'] as const) {
      const { text, fresh, changes, conflicts } = again({ format, change: ({ paths }) => { paths['/boats/{id}']!.get!.summary = 'One boat' } })
      t.equal(text, fresh)
      t.same(changes, [{ what: 'updated', kind: 'endpoint', name: 'GET /boats/{id}', parts: ['description'] }])
      t.same(conflicts, [])
    }
  })

  t.test('an edited endpoint of a document that stayed is left as it is, byte for byte', async t => {
    for (const format of ['json', 'yaml'] as const) {
      const { text, before, changes } = again({ format, edit: text => text.replace('"none"', '"nothing"').replace('none', 'nothing') })
      t.not(before, renderConfig(imported(harbour()), `mock.${format}`))
      t.equal(text, before)
      t.same(changes, [])
    }
  })

  t.test('different keys of one endpoint are merged, and comments, order and layout stay', async t => {
    const { text, conflicts } = again({
      edit: text => `# ours\n${text.replace('  - id: listBoats\n', '  # all of them\n  - latency_ms: 100 # slow\n    id: listBoats\n')}`,
      change: ({ paths }) => {
        paths['/boats']!.get!.summary = 'All boats'
        paths['/boats']!.get!.tags = ['boats']
      }
    })
    t.same(conflicts, [])
    t.match(text, /^# ours\n[^]* {2}# all of them\n {2}- latency_ms: 100 # slow\n {4}id: listBoats\n {4}description: All boats\n {4}tags:\n {6}- boats\n {4}path: \/boats\n/)
  })

  t.test('also deep inside: of responses, schemas, parameters and examples', async t => {
    const { endpoint, config, conflicts } = again({
      edit: text => text.replace(/( +)maximum: 50/, '$&\n$1default: 5').replace(/( +)name: Ada/, '$&\n$1nick: A').replace('status: 404', 'status: 404\n        latency_ms: 9'),
      change: ({ paths, components }) => {
        const { get } = paths['/boats']!
        get!.parameters = [{ name: 'limit', in: 'query', schema: { type: 'integer', maximum: 50, minimum: 1 } }]
        const { 404: none, 200: found } = get!.responses as Record<string, Value>
        none!.description = 'no boats'
        found!.content = ok({ type: 'array', items: BOAT }, { example: [{ id: 2, name: 'Ada' }] }).content
        components.schemas.Boat!.description = 'A boat'
      }
    })
    t.same(conflicts, [])
    t.match(endpoint('listBoats'), {
      schema: { querystring: { properties: { limit: { type: 'integer', maximum: 50, minimum: 1, default: 5 } } } },
      responses: [{ status: 200, response: [{ id: 2, name: 'Ada', nick: 'A' }] }, { status: 404, description: 'no boats', latency_ms: 9 }]
    })
    t.equal(config.schemas.Boat?.description, 'A boat')
  })

  t.test('lists of words are merged as sets', async t => {
    const { config, conflicts } = again({
      edit: text => text.replace('required:\n      - id\n    properties', 'required:\n      - id\n      - name\n    properties'),
      change: ({ components }) => { Object.assign(components.schemas.Boat!, { required: ['flag'], properties: { flag: { type: 'string' }, id: { type: 'integer' }, name: { type: 'string' } } }) }
    })
    t.same(conflicts, [])
    t.same([...config.schemas.Boat?.required as string[]].sort(), ['flag', 'name'])
  })

  t.test('what is new is put where the document has it, and endpoints of one\'s own stay', async t => {
    const { config, text, changes } = again({
      edit: text => text.replace('  - id: getBoat\n', '  # mine\n  - path: /mine\n    response: hi\n  - id: getBoat\n').replace('schemas:\n', '  - path: /last\nschemas:\n'),
      change: ({ paths, components }) => {
        const { '/boats': boats, ...rest } = paths
        components.schemas.Mooring = { type: 'object' }
        for (const path of Object.keys(paths)) Reflect.deleteProperty(paths, path)
        Object.assign(paths, { '/first': { get: { responses: {} } }, '/boats': boats, '/moorings': { get: { responses: { 200: ok({ $ref: '#/components/schemas/Mooring' }) } } }, ...rest, '/end': { get: { responses: {} } } })
      }
    })
    t.same(config.endpoints.map(({ path }) => path), ['/first', '/boats', '/moorings', '/mine', '/boats/{id}', '/boats/{id}', '/end', '/last'])
    t.match(text, / {2}# mine\n {2}- path: \/mine\n {4}response: hi\n/)
    t.same(changes.map(({ what, kind, name }) => `${what} ${kind} ${name}`).sort(), ['added endpoint GET /end', 'added endpoint GET /first', 'added endpoint GET /moorings', 'added schema Mooring'])
  })

  t.test('what the document removed goes, with the comments above it, unless it was edited', async t => {
    const change = ({ paths }: Document) => { Reflect.deleteProperty(paths['/boats/{id}']!, 'delete') }
    const gone = again({ change, edit: text => text.replace('  - id: sinkBoat', '  # deep down\n  - id: sinkBoat') })
    t.equal(gone.endpoint('sinkBoat'), undefined)
    t.notMatch(gone.text, 'deep down')
    t.match(gone.changes, [{ what: 'removed', name: 'DELETE /boats/{id}' }])

    const kept = again({ change, edit: text => text.replace('  - id: sinkBoat', '  - id: sinkBoat\n    latency_ms: 5') })
    t.match(kept.endpoint('sinkBoat'), { latency_ms: 5 })
    t.match(kept.conflicts, [{ reason: 'removed-in-document', kind: 'endpoint', name: 'DELETE /boats/{id}', part: '', pointer: '/endpoints/2', mine: { latency_ms: 5 } }])
    t.equal(kept.text, kept.before)
  })

  t.test('what the file removed stays removed, and is told when the document changed it', async t => {
    const edit = (text: string) => text.replace(/ {2}- id: sinkBoat[^]*?(?=\nschemas)/, '').replace('\n\nschemas', '\nschemas')
    const quiet = again({ edit, change: ({ paths }) => { paths['/boats']!.get!.summary = 'x' } })
    t.equal(quiet.endpoint('sinkBoat'), undefined)
    t.same(quiet.conflicts, [])
    const told = again({ edit, change: ({ paths }) => { paths['/boats/{id}']!.delete!.summary = 'Sink it' } })
    t.equal(told.endpoint('sinkBoat'), undefined)
    t.match(told.conflicts, [{ reason: 'removed-by-you', name: 'DELETE /boats/{id}', document: { description: 'Sink it' } }])
    t.notOk('mine' in told.conflicts[0]!)
  })

  t.test('an endpoint is known again when its parameter, its path or its id changes', async t => {
    const edit = (text: string) => text.replace('id: getBoat', 'id: getBoat\n    latency_ms: 3')
    const renamed = again({
      edit,
      change: ({ paths }) => {
        paths['/boats/{boatId}'] = { ...paths['/boats/{id}'], get: { ...paths['/boats/{id}']!.get, parameters: [{ name: 'boatId', in: 'path', required: true, schema: { type: 'integer' } }] } }
        delete paths['/boats/{id}']
      }
    })
    t.match(renamed.endpoint('getBoat'), { path: '/boats/{boatId}', latency_ms: 3, schema: { params: { required: ['boatId'] } } })
    t.same(renamed.conflicts, [])
    const moved = again({
      edit,
      change: ({ paths }) => {
        paths['/ships/{id}'] = paths['/boats/{id}']!
        delete paths['/boats/{id}']
      }
    })
    t.match(moved.endpoint('getBoat'), { path: '/ships/{id}', latency_ms: 3 })
    const called = again({ edit, change: ({ paths }) => { paths['/boats/{id}']!.get!.operationId = 'oneBoat' } })
    t.match(called.endpoint('oneBoat'), { path: '/boats/{id}', latency_ms: 3 })
  })

  t.test('the order of answers, which says which is the default, follows whoever changed it', async t => {
    const mine = again({
      edit: text => text.replace(/( {6}- description: ok\n {8}status: 200\n[^]*?)( {6}- description: none\n {8}status: 404\n)/, '$2$1'),
      change: ({ paths }) => { (paths['/boats']!.get!.responses as Value)[500] = { description: 'oh' } }
    })
    t.same((mine.endpoint('listBoats')?.responses as Value[]).map(({ status }) => status), [404, 500, 200])
    const theirs = again({
      edit: text => text.replace('status: 404', 'status: 404\n        latency_ms: 9'),
      change: ({ paths }) => {
        const responses = paths['/boats']!.get!.responses as Value
        delete responses[404]
        responses[201] = { description: 'made' }
      }
    })
    t.same((theirs.endpoint('listBoats')?.responses as Value[]).map(({ status }) => status), [200, 404, 201])
    t.match(theirs.conflicts, [{ reason: 'removed-in-document', part: 'responses/404' }])
  })
})

t.test('both changed the same', async t => {
  const edit = (text: string) => text.replace('maximum: 50', 'maximum: 10 # ours')
  const change = ({ paths, components }: Document) => {
    paths['/boats']!.get!.parameters = [{ name: 'limit', in: 'query', schema: { type: 'integer', maximum: 60, minimum: 1 } }]
    components.schemas.New = { type: 'string' }
    paths['/a'] = { get: { responses: { 200: ok({ $ref: '#/components/schemas/New' }) } } }
  }

  t.test('yours is kept, everything else is merged, and both values are told with the place', async t => {
    const { text, conflicts, changes } = again({ edit, change })
    t.match(text, /maximum: 10 # ours\n {12}minimum: 1\n/)
    t.match(conflicts, [{
      reason: 'both-changed',
      kind: 'endpoint',
      name: 'GET /boats',
      part: 'schema/querystring/properties/limit/maximum',
      pointer: '/endpoints/0/schema/querystring/properties/limit/maximum',
      mine: 10,
      document: 60,
      before: 50
    }])
    t.match(changes.map(({ name }) => name), ['GET /boats', 'GET /a', 'New'])
  })

  t.test('the document\'s is taken where that is preferred', async t => {
    const { text, conflicts } = again({ edit, change, prefer: 'document' })
    t.match(text, /maximum: 60 # ours\n {12}minimum: 1\n/)
    t.equal(conflicts.length, 1, 'and told all the same')
  })

  t.test('places lead to where things stand, before and after', async t => {
    const { conflicts, text, before, file } = again({
      edit: text => edit(text.replace('status: 404', 'status: 410')),
      change: document => {
        change(document)
        const { '/a': first, ...rest } = document.paths
        for (const path of Object.keys(document.paths)) Reflect.deleteProperty(document.paths, path)
        Object.assign(document.paths, { '/a': first, ...rest })
      }
    })
    const [conflict] = conflicts
    const line = (source: string, pointer: string) => source.split('\n')[(parseSource(source, { file }).locate(pointer)?.line ?? 0) - 1]
    t.equal(conflict?.pointer, '/endpoints/1/schema/querystring/properties/limit/maximum')
    t.match(line(text, conflict?.pointer ?? ''), 'maximum: 10')
    t.match(line(before, conflict?.pointer_before ?? ''), 'maximum: 10')
  })

  t.test('an endpoint and a schema that both added are left as the file has them', async t => {
    const { endpoint, config, conflicts } = again({
      edit: text => text.replace('schemas:\n', '  - id: mine\n    path: /a\n    response: hi\nschemas:\n  New:\n    type: boolean\n'),
      change
    })
    t.match(endpoint('mine'), { response: 'hi', schema: undefined })
    t.same(config.schemas.New, { type: 'boolean' })
    t.same(conflicts.map(({ reason, name }) => `${reason} ${name}`), ['both-added GET /a', 'both-added New'])
  })
})

t.test('shared schemas fit what needs them', async t => {
  t.test('one that the document dropped stays while an endpoint of the file\'s own refers to it', async t => {
    const change = ({ paths, components }: Document) => {
      Reflect.deleteProperty(paths['/boats/{id}']!, 'get')
      Object.assign((paths['/boats']!.get!.responses as Record<string, Value>)[200]!, ok({ type: 'array' }))
      components.schemas = {}
    }
    t.equal(again({ change, edit: text => `${text}# touched\n` }).config.schemas?.Boat, undefined)
    const { config, conflicts } = again({ change, edit: text => text.replace('schemas:\n', '  - path: /mine\n    response_schema: { $ref: "#/schemas/Boat" }\nschemas:\n') })
    t.match(config.schemas.Boat, { type: 'object' })
    t.same(conflicts, [])
  })

  t.test('one that was taken out comes back with what needs it', async t => {
    const { config } = again({
      edit: text => text.replace(/schemas:[^]*/, '').replaceAll(/response_schema:\n\s+\$ref: "#\/schemas\/Boat"/g, 'text: x').replace(/items:\n\s+\$ref: "#\/schemas\/Boat"/, 'maxItems: 3'),
      change: ({ paths }) => { paths['/more'] = { get: { responses: { 200: ok(BOAT) } } } }
    })
    t.match(config.schemas.Boat, { type: 'object' })
    t.same(validateConfig(config), [])
  })
})

t.test('without a base, what differs is the file\'s, and told; what is new is added', async t => {
  const document = harbour()
  document.paths['/new'] = { get: { operationId: 'fresh', responses: {} } }
  const now = imported(document)
  const mine = structuredClone(imported(harbour())) as { endpoints: Value[] }
  mine.endpoints[0]!.latency_ms = 5
  mine.endpoints.push({ path: '/mine' })
  const kept = mergeImport({ base: undefined, mine, document: now })
  t.match(kept.conflicts, [{ reason: 'unknown', name: 'GET /boats', mine: { latency_ms: 5 } }])
  t.same((kept.config as typeof mine).endpoints.map(({ path }) => path), ['/boats', '/boats/{id}', '/boats/{id}', '/new', '/mine'])
  t.equal((kept.config as typeof mine).endpoints[0]?.latency_ms, 5)
  const taken = mergeImport({ base: undefined, mine, document: now }, 'document')
  t.equal((taken.config as typeof mine).endpoints[0]?.latency_ms, undefined)
  t.equal((taken.config as typeof mine).endpoints.length, 5)
})

t.test('a bare list of endpoints stays one', async t => {
  const base = imported(harbour())
  const document = harbour()
  document.paths['/boats']!.get!.summary = 'All'
  const text = JSON.stringify(base.endpoints, null, 1)
  const withoutSchemas = ({ schemas: _schemas, ...rest }: Value): Value => rest
  const result = updateText({ file: 'mock.json', text, format: 'json', value: base.endpoints, base: withoutSchemas(base), document: withoutSchemas(imported(document)) })
  t.match(JSON.parse(result.text), [{ id: 'listBoats', description: 'All' }])

  const more = updateText({ file: 'mock.json', text, format: 'json', value: base.endpoints, base, document: imported(document) })
  t.match(JSON.parse(more.text), { endpoints: [{ id: 'listBoats' }], schemas: { Boat: {} } }, 'unless it needs what a list cannot hold')
})

t.test('what looks like a variable in an example is written so that it stays what it is', async t => {
  const literal = ['$', '{HOME}'].join('')
  const document = harbour()
  Object.assign((document.paths['/boats']!.get!.responses as Record<string, Value>)[200]!, ok({}, { example: literal }))
  const cwd = t.testdir({ 'mock.json': renderConfig(imported(document), 'mock.json'), 'mock.yaml': renderConfig(imported(document), 'mock.yaml') })
  for (const file of ['mock.json', 'mock.yaml']) {
    const app = await build(t, { cwd, include: [file], env: { HOME: 'secret' } })
    t.equal((await app.inject('/boats')).json(), literal)
  }
})

t.test('what was imported last is kept in a file, a line for each endpoint and schema', async t => {
  const base = { document: '../api.yaml', settings: { base_path: 'strip', examples: 'keep', allow_refs_from: ['..'] }, config: imported(harbour()) } as const
  const text = formatBase({ ...base, settings: { ...base.settings, allow_refs_from: [...base.settings.allow_refs_from] } })
  t.same(parseBase(text, 'x'), base)
  t.match(text, /^ {4}\{"id":"getBoat".*\},$/m)
  t.match(text, /^ {4}"Boat": \{.*\}$/m)
  t.same(parseBase(formatBase({ settings: {}, config: { name: 'a' } }), 'x'), { settings: {}, config: { name: 'a' } })
  for (const broken of ['<<<<<<< ours', '[]', '{"version": 1}', '{"version": 99, "config": {}}']) {
    t.throws(() => parseBase(broken, 'mock.json.base'), { code: 'MOCK_ERR_IMPORT_BASE', message: /mock\.json\.base/ })
  }
})

t.test('properties', async t => {
  const scalar = fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null))
  const schema = fc.oneof(
    fc.record({ type: fc.constantFrom('string', 'integer', 'boolean'), description: fc.string() }, { requiredKeys: ['type'] }),
    fc.record({ type: fc.constant('object'), properties: fc.dictionary(fc.constantFrom('a', 'b', 'id'), fc.constant({ type: 'string' })), required: fc.uniqueArray(fc.constantFrom('a', 'b', 'id')) }),
    fc.constantFrom({ $ref: '#/components/schemas/A' }, { $ref: '#/components/schemas/B' })
  )
  const response = fc.record({ description: fc.string(), content: fc.record({ 'application/json': fc.record({ schema, example: fc.dictionary(fc.constantFrom('x', 'y'), scalar) }, { requiredKeys: ['schema'] }) }) }, { requiredKeys: ['description'] })
  const operation = fc.record({
    summary: fc.string(),
    tags: fc.uniqueArray(fc.constantFrom('one', 'two')),
    parameters: fc.uniqueArray(fc.record({ name: fc.constantFrom('p', 'q'), in: fc.constant('query'), schema: fc.record({ type: fc.constantFrom('string', 'integer') }) }), { selector: ({ name }) => name }),
    responses: fc.dictionary(fc.constantFrom('200', '201', '404', 'default'), response)
  })
  const document = fc.record({
    openapi: fc.constant('3.1.0'),
    info: fc.record({ title: fc.string(), version: fc.constant('1') }),
    paths: fc.dictionary(fc.constantFrom('/a', '/b', '/c/{id}', '/d'), fc.dictionary(fc.constantFrom('get', 'post'), operation)),
    components: fc.record({ schemas: fc.record({ A: schema, B: schema }, { requiredKeys: [] }) })
  })
  /** Changes to a configuration: at some place, a value that is something else, or nothing. */
  const edits = fc.array(fc.record({ path: fc.array(fc.nat(7), { minLength: 1, maxLength: 6 }), value: fc.oneof(scalar, fc.constant(undefined), fc.constant({ path: '/own', response: 1 })) }), { maxLength: 4 })

  function edited (config: Value, list: ReadonlyArray<{ path: readonly number[], value: unknown }>): Value {
    const copy = structuredClone(config)
    for (const { path, value } of list) {
      let node: unknown = copy
      for (const [depth, step] of path.entries()) {
        if (typeof node !== 'object' || node === null) break
        const keys = Object.keys(node)
        const key = keys[step % (keys.length + 1)] ?? (Array.isArray(node) ? String(node.length) : 'added')
        const next: unknown = Reflect.get(node, key)
        if (depth < path.length - 1 && typeof next === 'object' && next !== null) node = next
        else {
          if (value !== undefined) Reflect.set(node, key, structuredClone(value))
          else if (Array.isArray(node)) node.splice(Number(key), 1)
          else Reflect.deleteProperty(node, key)
          break
        }
      }
    }
    return copy
  }

  t.test('a file that nobody has edited becomes what a fresh import gives, byte for byte', async t => {
    fc.assert(fc.property(document, document, fc.constantFrom<Format>('json', 'yaml'), (then, now, format) => {
      const [base, next] = [imported(then), imported(now)]
      const file = `mock.${format}`
      const text = renderConfig(base, file)
      const result = updateText({ file, text, format, value: parseSource(text, { file }).value, base, document: next })
      return result.text === renderConfig(next, file) && result.merge.conflicts.length === 0
    }), { numRuns: 40 })
    t.pass()
  })

  t.test('one of a document that has not changed stays as it is, byte for byte', async t => {
    fc.assert(fc.property(document, edits, fc.constantFrom<Format>('json', 'yaml'), (then, list, format) => {
      const base = imported(then)
      const text = `${format === 'yaml' ? '# ours' : ''}\n${renderConfig(edited(base, list), `mock.${format}`)}`
      const { value } = parseSource(text, { format })
      const result = updateText({ file: `mock.${format}`, text, format, value, base, document: base })
      return result.text === text && result.merge.changes.length === 0 && result.merge.conflicts.length === 0
    }), { numRuns: 60 })
    t.pass()
  })

  t.test('updating twice changes nothing more, and the text says what was merged', async t => {
    fc.assert(fc.property(document, document, edits, fc.constantFrom<Format>('json', 'yaml'), fc.constantFrom<Side>('mine', 'document'), (then, now, list, format, prefer) => {
      const [base, next] = [imported(then), imported(now)]
      const file = `mock.${format}`
      const text = renderConfig(edited(base, list), file)
      const { value } = parseSource(text, { file })
      const first = updateText({ file, text, format, value, base, document: next }, prefer)
      const merged = parseSource(first.text, { file }).value
      t.same(merged, JSON.parse(JSON.stringify(first.merge.config)))
      const second = updateText({ file, text: first.text, format, value: merged, base: next, document: next }, prefer)
      return second.text === first.text && second.merge.changes.length === 0 && second.merge.conflicts.length === 0
    }), { numRuns: 60 })
  })

  t.test('what one side alone has changed is as that side has it', async t => {
    const byRoute = (config: unknown) => {
      const { endpoints } = config as { endpoints?: unknown }
      const list: Value[] = Array.isArray(endpoints) ? endpoints.filter(endpoint => typeof endpoint === 'object' && endpoint !== null) : []
      return new Map(list.map(endpoint => [`${String(endpoint.method)} ${String(endpoint.path)}`, endpoint]))
    }
    fc.assert(fc.property(document, document, edits, (then, now, list) => {
      const base = imported(then)
      const next = imported(now)
      // Edits inside of endpoints, whose routes stay.
      const mine = edited(base, list.map(({ path, value }) => ({ path: [Object.keys(base).indexOf('endpoints'), ...path, 1], value })))
      const result = byRoute(mergeImport({ base, mine, document: next }).config)
      const [old, own, theirs] = [byRoute(base), byRoute(mine), byRoute(next)]
      for (const route of new Set([...own.keys(), ...theirs.keys()])) {
        const same = (a: unknown, b: unknown) => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
        if (old.has(route) && same(own.get(route), old.get(route)) && own.get(route)?.id === theirs.get(route)?.id) t.ok(same(result.get(route), theirs.get(route)), `${route} is the document's`)
        if (old.has(route) && same(theirs.get(route), old.get(route))) t.ok(same(result.get(route), own.get(route)), `${route} is the file's`)
      }
    }), { numRuns: 60 })
  })
})

/** With keys in one order, so that texts can be compared. */
function sorted (value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([key, member]) => [key, sorted(member)]))
}

const BROKEN = {
  openapi: '3.1.0',
  info: { title: 'Broken', version: '1' },
  paths: {
    '/boats': {
      get: {
        responses: {
          200: ok({ type: 'array', items: BOAT }, { examples: { good: { value: [{ id: 1 }] }, bad: { value: [{ id: 1 }, { id: 'two' }] } } }),
          404: { $ref: '#/components/responses/None' },
          500: ok({ type: 'object', required: ['oh'] })
        }
      },
      post: { responses: { 404: { $ref: '#/components/responses/None' }, 201: { description: 'made' } } }
    },
    '/text': { get: { responses: { 200: { description: 'ok', content: { 'text/plain': { schema: { type: 'string' }, example: 'x' } } } } } }
  },
  components: {
    schemas: { Boat: { type: 'object', required: ['id'], properties: { id: { type: 'integer' }, secret: { type: 'string', writeOnly: true } } } },
    responses: { None: ok({ type: 'object', properties: { code: { type: 'integer' } } }, { example: { code: 'none' } }) }
  }
}

t.test('case 39: verifying tells which examples do not fit their schema, and where they stand', async t => {
  const { config, pointers } = importDocument(structuredClone(BROKEN))
  const result = runAtOnce(verifyAnswers(config))
  t.match(result, { endpoints: 3, examples: 4, generated: 1 })
  t.match(result.broken, [
    { kind: 'example', index: 0, operation: 'GET /boats', status: 200, name: 'bad', violations: [{ pointer: '/1/id', rule: 'type', expected: 'integer', actual: 'two' }] },
    { kind: 'example', index: 0, operation: 'GET /boats', status: 404, violations: [{ pointer: '/code' }] },
    { kind: 'example', index: 1, operation: 'POST /boats', status: 404 }
  ])
  const refs = createRefs(structuredClone(BROKEN))
  const places = result.broken.map(({ index, response }) => locateExample(refs, pointers[index] ?? '', config.endpoints?.[index]?.responses?.[response] ?? {}))
  t.same(places, [
    '/paths/~1boats/get/responses/200/content/application~1json/examples/bad/value',
    '/components/responses/None/content/application~1json/example',
    '/components/responses/None/content/application~1json/example'
  ])
})

t.test('case 39: bodies are generated in place of broken examples where that is asked for', async t => {
  const { config } = importDocument(structuredClone(BROKEN))
  const mended = dropBrokenExamples(config, runAtOnce(verifyAnswers(config)).broken)
  const again = runAtOnce(verifyAnswers(mended))
  t.same(again.broken, [])
  t.match(again, { examples: 1, generated: 4 })

  const cwd = t.testdir({ 'api.json': JSON.stringify(BROKEN) })
  const served = await build(t, { cwd, include: ['api.json'], documents: { examples: 'generate-broken' } })
  t.type((await served.inject({ url: '/boats', headers: { prefer: 'code=404' } })).json().code, 'number')
})

t.test('verifying renders what is written in configurations as well', async t => {
  const numbers = { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } }
  const result = runAtOnce(verifyAnswers({
    endpoints: [
      { path: '/fits/:id', response: { n: '{{request.params.id}}' }, response_schema: { type: 'object', properties: { n: { type: 'string' } } } },
      { path: '/text', text: 'plain' },
      { path: '/wrong', response: { n: 'x' }, response_schema: numbers },
      { path: '/fails', response: { n: '{{#each request.body}}' }, response_schema: numbers },
      { path: '/impossible', response_schema: { type: 'integer', minimum: 5, maximum: 4 } },
      { path: '/empty', status: 204 }
    ]
  }))
  t.match(result, { endpoints: 6, examples: 3, generated: 1, unchecked: 1 })
  t.match(result.broken, [
    { kind: 'example', operation: 'GET /wrong', response: -1 },
    { kind: 'failed', operation: 'GET /fails', reason: /each/ },
    { kind: 'generated', operation: 'GET /impossible' }
  ])
})

t.test('a document that is served follows the files that it refers to', async t => {
  const spec = (ref: string) => `openapi: 3.1.0\ninfo: { title: Split, version: '1' }\npaths:\n  /boat:\n    get: { responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '${ref}' } } } } } }\n`
  const schema = (word: string) => `type: object\nrequired: [word]\nproperties: { word: { const: ${word} } }\n`
  const cwd = t.testdir({ 'api.yaml': spec('schemas/boat.yaml'), schemas: { 'boat.yaml': schema('one') }, 'mock.json': '{ "include": ["api.yaml"] }' })
  const boat = join(cwd, 'schemas/boat.yaml')
  const app = await build(t, { cwd, include: ['mock.json'], watch: true })
  const word = async () => (await app.inject('/boat')).json().word
  const next = () => new Promise<ReloadEvent>(resolve => {
    const stop = app.mock.onReload(event => {
      stop()
      resolve(event)
    })
  })
  const after = async (change: () => Promise<unknown>) => {
    const event = next()
    await change()
    return await event
  }
  t.equal(await word(), 'one')
  t.ok(app.mock.files.includes(boat))

  t.match(await after(() => writeFile(boat, schema('two'))), { ok: true })
  t.equal(await word(), 'two')

  t.match(await after(() => writeFile(boat, 'type: [')), { ok: false, error: { code: 'MOCK_ERR_CONFIG_INVALID', diagnostics: [{ severity: 'error', message: /boat\.yaml/ }] } })
  t.equal(await word(), 'two', 'a broken save changes nothing')
  t.match(await after(() => rm(boat)), { ok: false }, 'nor does a file that is gone')
  t.equal(await word(), 'two')

  await writeFile(`${boat}.new`, schema('three'))
  t.match(await after(() => rename(`${boat}.new`, boat)), { ok: true })
  await until(() => app.mock.generation === 3)
  t.equal(await word(), 'three')

  t.match(await after(() => writeFile(join(cwd, 'api.yaml'), spec('schemas/later.yaml'))), { ok: false }, 'a file that is not there yet is waited for')
  t.match(await after(() => writeFile(join(cwd, 'schemas/later.yaml'), schema('later'))), { ok: true })
  t.equal(await word(), 'later')
})

t.test('documents from an address and from a text', async t => {
  const spec = { openapi: '3.1.0', info: { title: 'Far', version: '1' }, paths: { '/far': { get: { responses: { 200: ok({ $ref: 'far.json' }) } } } } }
  const server = createServer((request, response) => {
    if (request.url === '/moved') response.writeHead(302, { location: '/api.json' }).end()
    else if (request.url === '/api.json') response.end(JSON.stringify(spec))
    else if (request.url === '/far.json') response.end('{"const": "far"}')
    else if (request.url === '/mock.json') response.end('{"endpoints": []}')
    else response.writeHead(404).end()
  }).listen(0, '127.0.0.1')
  t.teardown(() => server.close())
  await new Promise(resolve => server.once('listening', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const far = await build(t, { include: [`${origin}/moved`] })
  t.equal((await far.inject('/far')).json(), 'far', 'references are relative to where the document really is')
  t.same(far.mock.files, [], 'there is nothing to watch')
  await t.rejects(build(t, { include: [`${origin}/nope.json`] }), { code: 'MOCK_ERR_CONFIG_INVALID', message: /cannot be read: it is answered with 404/ })
  await t.rejects(build(t, { include: [`${origin}/mock.json`] }), { code: 'MOCK_ERR_CONFIG_INVALID', message: /is no OpenAPI document; of configurations, only files are read/ })

  const texts = { 'api.json': JSON.stringify({ ...spec, paths: { '/near': { get: { responses: { 200: ok({ const: 'near' }) } } } } }), 'mock.yaml': 'endpoints: [{ path: /mine, response: mine }]' }
  const near = await build(t, { include: ['api.json', 'mock.yaml'], texts })
  t.equal((await near.inject('/near')).json(), 'near')
  t.equal((await near.inject('/mine')).json(), 'mine')
})

t.test('references may lead to an allowed folder besides the document\'s own', async t => {
  const spec = { openapi: '3.1.0', info: { title: 'x', version: '1' }, paths: { '/a': { get: { responses: { 200: ok({ $ref: '../shared/a.json' }), 201: ok({ $ref: 'b.json' }) } } } } }
  const cwd = t.testdir({ api: { 'api.json': JSON.stringify(spec), 'b.json': '{"const": "b"}' }, shared: { 'a.json': '{"const": "a"}' } })
  const closed = await build(t, { cwd, include: ['api/api.json'] })
  t.match(closed.mock.warnings.map(({ message }) => message).join(), /outside the document's folder/)
  const open = await build(t, { cwd, include: ['api/api.json'], references: { folder: 'shared' } })
  t.same(open.mock.warnings, [])
  t.equal((await open.inject('/a')).json(), 'a')
  t.equal((await open.inject({ url: '/a', headers: { prefer: 'code=201' } })).json(), 'b')
})

t.test('the base paths of included documents can be chosen', async t => {
  const spec = { openapi: '3.1.0', info: { title: 'x', version: '1' }, servers: [{ url: '/v1' }], paths: { '/a': { get: { responses: { 200: ok({ const: 1 }) } } } } }
  const cwd = t.testdir({ 'api.json': JSON.stringify(spec), 'mock.json': '{ "include": ["api.json"], "documents": { "base_path": "keep" } }' })
  const statuses = async (documents?: { base_path: 'keep' | 'strip' }) => {
    const app = await build(t, { cwd, include: ['mock.json'], ...documents !== undefined && { documents } })
    return await Promise.all(['/a', '/v1/a'].map(async url => (await app.inject(url)).statusCode))
  }
  t.same(await statuses(), [404, 200])
  t.same(await statuses({ base_path: 'strip' }), [200, 404], 'an including file wins')
})
