import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import type { Row } from '../lib/collection/collection.ts'
import { defineCollection } from '../lib/collection/define-collection.ts'
import type { Config } from '../lib/config.ts'
import { MOCK_ERR_TEMPLATE, MOCK_ERR_TEMPLATE_RENDER } from '../lib/errors.ts'
import { createRandom } from '../lib/random.ts'
import type { RequestView } from '../lib/request-view.ts'
import { createStore } from '../lib/store.ts'
import { BUILT_IN_BLOCKS } from '../lib/template/built-in-blocks.ts'
import type { TemplateContext } from '../lib/template/context.ts'
import { createTemplates } from '../lib/template/engine.ts'
import { TemplateError, TemplateRenderError } from '../lib/template/error.ts'
import { builtInHelpers } from '../lib/template/helpers/index.ts'
import type { TemplateHelper } from '../lib/template/helper.ts'
import { DEFAULT_LIMITS } from '../lib/template/limits.ts'

const guide = readFileSync(new URL('../docs/templates.md', import.meta.url), 'utf8')
const example: { now: string, seed: number, request: RequestView, state: { variables: Record<string, unknown>, scenarios: NonNullable<Config['scenarios']>, collections: Record<string, Row[]> } } = JSON.parse(/```json\n([\s\S]*?)```/.exec(guide)?.[1] ?? '')

interface Changes {
  seed?: number
  request?: Partial<RequestView>
  variables?: Record<string, unknown>
}

/** A new context each time, with the request that the guide shows. */
function context ({ seed = example.seed, request, variables }: Changes = {}): TemplateContext {
  const counts = new Map<string, number>()
  const { collections, ...state } = example.state
  const store = createStore()
  store.configure(state, Object.entries(collections).map(([name, rows]) => defineCollection(name, { rows })))
  return {
    store,
    request: { ...example.request, ...request },
    random: createRandom(seed),
    now: new Date(example.now),
    variables,
    counters: {
      next (name, start = 1, step = 1) {
        const count = counts.has(name) ? counts.get(name)! + step : start
        counts.set(name, count)
        return count
      }
    }
  }
}

const templates = createTemplates()
const value = (json: unknown, changes?: Changes) => templates.value(json).render(context(changes))
const text = (source: string, changes?: Changes) => templates.text(source).render(context(changes))
const withBody = (body: unknown): Changes => ({ request: { body } })

function compileError (json: unknown, options?: Parameters<typeof createTemplates>[0]): TemplateError {
  try {
    createTemplates(options).value(json)
  } catch (error) {
    if (error instanceof TemplateError) return error
    throw error
  }
  throw new Error(`${JSON.stringify(json)} compiled`)
}

function renderError (json: unknown, changes?: Changes, options?: Parameters<typeof createTemplates>[0]): TemplateRenderError {
  try {
    createTemplates(options).value(json).stringify(context(changes))
  } catch (error) {
    if (error instanceof TemplateRenderError) return error
    throw error
  }
  throw new Error(`${JSON.stringify(json)} rendered`)
}

t.test('the guide', async t => {
  const rows = [...guide.matchAll(/^\| (.+?) \|.*?\| `(.+)` \| (such as )?`(.+)` \|$/gm)]
  t.ok(rows.length > 200)
  for (const [, name, cell = '', suchAs, result = ''] of rows) {
    const source = cell.replaceAll('\\|', '|')
    const compiled = templates.value(/^(?:\[|\{")/.test(source) ? JSON.parse(source) : source)
    const expected: unknown = JSON.parse(result.replaceAll('\\|', '|'))
    const json = compiled.stringify(context())
    if (suchAs === undefined) t.equal(json, JSON.stringify(expected), `${name}: ${source}`)
    else t.equal(typeof JSON.parse(json), typeof expected, `${name}: ${source}`)
    t.same(compiled.render(context()) instanceof Date ? JSON.parse(json) : compiled.render(context()), JSON.parse(json), `${source} renders to what it stringifies to`)
  }

  await t.test('names every helper and block', async t => {
    const named = new Set(rows.flatMap(([, names = '']) => [...names.matchAll(/`#?([^`]+)`/g)].map(match => match[1])))
    for (const name of [...Object.keys(builtInHelpers('en', DEFAULT_LIMITS)), ...BUILT_IN_BLOCKS.keys()]) t.ok(named.has(name), name)
  })
})

t.test('types', async t => {
  t.test('a string that is one expression keeps the type', async t => {
    const body = { n: 1.5, yes: true, none: null, list: [1, [2]], object: { a: 'b' }, text: '5' }
    for (const [key, expected] of Object.entries(body)) {
      t.same(value(`{{request.body.${key}}}`, withBody(body)), expected)
      t.same(value(`{{{request.body.${key}}}}`, withBody(body)), expected)
      t.same(value(`{{! a comment }}{{request.body.${key}}}`, withBody(body)), expected)
    }
    t.equal(value('{{5}}'), 5)
    t.equal(value('{{true}}'), true)
    t.equal(value('{{"a"}}'), 'a')
  })

  t.test('what is missing leaves out its key, and is null in lists and at the top', async t => {
    t.same(value({ a: '{{nothing}}', b: ['{{nothing}}'], c: { d: '{{request.body.x.y.z}}' } }), { b: [null], c: {} })
    t.equal(value('{{nothing}}'), null)
    t.equal(templates.value('{{nothing}}').stringify(context()), 'null')
    t.equal(templates.value({ a: '{{nothing}}', b: '{{nothing}}', c: 1, d: '{{nothing}}', e: 2 }).stringify(context()), '{"c":1,"e":2}')
  })

  t.test('null stays null', async t => {
    t.same(value({ a: '{{request.body.x}}' }, withBody({ x: null })), { a: null })
    t.equal(text('<{{request.body.x}}>', withBody({ x: null })), '<>')
  })

  t.test('values inside longer text', async t => {
    t.equal(text('{{request.body}}', withBody({ a: [1, null] })), '{"a":[1,null]}')
    t.equal(text('{{request.body}}', withBody(Buffer.from('Ann'))), 'QW5u')
    t.equal(value('{{request.body}}', withBody(Buffer.from('Ann'))), 'QW5u')
    t.equal(text("{{parseDate '2024-01-02'}}"), '2024-01-02T00:00:00.000Z')
    t.equal(text('{{request.body}}', withBody(false)), 'false')
  })

  t.test('keys are templates, and the later of two equal ones wins', async t => {
    t.same(value({ '{{request.params.id}}': 1, 7: '{{add 1 1}}' }), { 7: 1 })
    t.same(value({ 'a{{nothing}}': 1, '{{concat "a"}}': '{{add 1 1}}' }), { a: 2 })
  })

  t.test('numbers that JSON has no word for are null', async t => {
    t.equal(templates.value(['{{x}}']).stringify(context({ variables: { x: NaN } })), '[null]')
  })

  t.test('constant values are told, and cost nothing', async t => {
    const json = { a: [1, 'b', null], 'c d': { e: 'a { b' } }
    const compiled = templates.value(json)
    t.equal(compiled.constant, true)
    t.equal(compiled.render(context()), json)
    t.equal(templates.text('plain').constant, true)
    t.equal(templates.text('\\{{escaped}}').constant, true)
    t.equal(templates.text('{{x}}').constant, false)
    t.equal(templates.isTemplate('a {{b}}'), true)
    t.equal(templates.isTemplate('a { b }'), false)
  })
})

t.test('paths', async t => {
  t.test('names are looked up from the inside out', async t => {
    t.equal(text('{{#each request.body.items}}{{name}}/{{request.params.id}} {{/each}}'), 'pen/7 ink/7 ')
    t.equal(text('{{#with request.body}}{{#each items}}{{user.name}},{{/each}}{{/with}}'), 'Ann Lee,Ann Lee,')
    t.equal(text('{{#with request.body.user}}{{./items}}{{this.items}}{{../request.method}}{{/with}}'), 'POST')
    t.equal(text('{{#with request.body.user}}{{name}} {{#with ../request}}{{method}} {{../age}}{{/with}}{{/with}}'), 'Ann Lee POST 36')
  })

  t.test('an item may be null, false or text', async t => {
    t.equal(text('{{#each request.body}}[{{this}}]{{/each}}', withBody([null, false, 0, 'a'])), '[][false][0][a]')
  })

  t.test('variables beside the request', async t => {
    t.equal(text('{{store.cart.[0]}} {{lookup store "x"}}', { variables: { store: { cart: ['pen'], x: 1 } } }), 'pen 1')
  })

  t.test('loop variables, also of outer loops', async t => {
    t.equal(
      text('{{#each request.body}}{{#each this}}{{@../index}}{{@index}}{{@first}}{{@last}} {{/each}}{{/each}}', withBody([[1, 2], [3]])),
      '00truefalse 01falsetrue 10truetrue ')
    t.equal(text('{{#each request.body as |row i|}}{{#each row as |cell j|}}{{i}}{{j}}{{cell}} {{/each}}{{/each}}', withBody([['a'], ['b']])), '00a 10b ')
    t.equal(text('{{#each request.body}}{{@key}}={{this}};{{/each}}', withBody({ a: 1, b: 2 })), 'a=1;b=2;')
  })

  t.test('a block parameter hides a helper of that name, and this. reaches a property', async t => {
    t.equal(text('{{#each request.body as |email|}}{{email}}{{/each}}', withBody(['x'])), 'x')
    t.equal(text('{{#each request.body}}{{this.email}}{{/each}}', withBody([{ email: 'a@b' }])), 'a@b')
  })

  t.test('WireMock\'s ways to write the request', async t => {
    t.equal(text('{{request.path.[0]}} {{request.path.id}} {{request.query.page.[0]}} {{request.headers.Host.0}}'), 'orders 7 2 api.example.com:8080')
    t.equal(text('{{lookup request.headers "X-Tenant"}} {{request.nothing}}|{{request.path.[9]}}'), 'acme |')
  })
})

t.test('blocks', async t => {
  t.test('sections without a helper', async t => {
    t.equal(text('{{#request.body}}{{this}},{{/request.body}}{{^request.query.none}}no{{/request.query.none}}', withBody([1, 2])), '1,2,no')
    t.equal(text('{{#request.body}}{{name}}{{else}}nobody{{/request.body}}', withBody({ name: 'Ann' })), 'Ann')
    t.equal(text('{{#request.body}}{{name}}{{else}}nobody{{/request.body}}', withBody(null)), 'nobody')
  })

  t.test('else parts', async t => {
    t.equal(text('{{#each request.body}}x{{else}}none{{/each}}', withBody([])), 'none')
    t.equal(text('{{#repeat 0}}x{{else}}none{{/repeat}}'), 'none')
    t.equal(text('{{#with request.body}}x{{else}}none{{/with}}', withBody(null)), 'none')
    t.equal(text('{{#switch 1}}{{#case 2}}two{{/case}}{{else}}none{{/switch}}'), 'none')
    t.equal(text('{{#if request.body includeZero=true}}zero{{/if}}', withBody(0)), 'zero')
  })

  t.test('braces of JSON right after those of a template', async t => {
    t.equal(text('{"a":{{request.params.id}}}'), '{"a":7}')
    t.equal(text('{"a":{"b":{"c":{{add 1 1}}}},"d":{"e":{{{request.params.id}}}}}'), '{"a":{"b":{"c":2}},"d":{"e":7}}')
    t.equal(text('{"a":{{#if true}}{"b":{{~ 1 ~}}}{{/if}}}'), '{"a":{"b":1}}')
    t.equal(text('{{request.body.items.0.name}} {{request.body.items.1}}'), 'pen {"name":"ink","price":10}')
  })

  t.test('commas', async t => {
    t.same(JSON.parse(text('[{{#repeat 2}}{"i":{{@index}},"of":{{@total}}}{{/repeat}}]')), [{ i: 0, of: 2 }, { i: 1, of: 2 }])
    t.equal(text('{{#each request.body comma=true}}{{this}}{{/each}}', withBody([1, 2])), '1,2')
  })

  t.test('lines with nothing but a block disappear', async t => {
    t.equal(text('a\n{{#if true}}\nb\n{{/if}}\nc\n'), 'a\nb\nc\n')
  })

  t.test('switches inside switches', async t => {
    t.equal(text('{{#switch 1}}{{#case 1}}{{#switch 2}}{{#case 1}}x{{/case}}{{#default}}in{{/default}}{{/switch}}{{/case}}{{#default}}out{{/default}}{{/switch}}'), 'in')
  })

  t.test('a block of JSON that takes no branch is left out of lists too', async t => {
    t.same(value([1, { '{{#if nothing}}': 2 }, 3]), [1, 3])
    t.same(value({ '{{#each request.body}}': '{{this}}', '{{else}}': 'none' }, withBody([])), ['none'])
    t.same(value(['{{#repeat 2}}', ['{{#repeat 2}}', '{{@../index}}{{@index}}']]), [['00', '01'], ['10', '11']])
    t.same(value({ '{{#with request.body.user as |u|}}': { n: '{{u.age}}', m: '{{name}}' } }), { n: 36, m: 'Ann Lee' })
  })
})

t.test('the same seed gives the same', async t => {
  const source = { a: '{{uuid}}', b: "{{faker 'person.fullName'}} {{email}}", c: ['{{#repeat 1 9}}', '{{random.int 1 100}}'], d: "{{faker 'date.recent'}}", e: '{{shuffle (range 1 9)}}' }
  const compiled = templates.value(source)
  t.equal(compiled.stringify(context({ seed: 5 })), compiled.stringify(context({ seed: 5 })))
  t.not(compiled.stringify(context({ seed: 5 })), compiled.stringify(context({ seed: 6 })))
  t.match(value('{{uuid}}'), /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
  const one = context({ seed: 5 })
  t.not(compiled.stringify(one), compiled.stringify(one), 'the stream goes on between templates of one request')

  t.test('random numbers stay within their bounds', async t => {
    fc.assert(fc.property(fc.integer(), fc.integer({ min: -1000, max: 1000 }), fc.nat(1000), (seed, min, span) => {
      const n = value(`{{random.int ${min} ${min + span}}}`, { seed })
      return typeof n === 'number' && Number.isInteger(n) && n >= min && n <= min + span
    }))
  })

  t.test('Faker in another locale', async t => {
    t.type(createTemplates({ locale: 'de' }).value('{{city}}').render(context()), 'string')
    t.match(compileError('{{city}}', { locale: 'xx' }).message, "unknown Faker locale 'xx'")
    t.match(compileError('{{city}}', { locale: '../../x' }).message, 'unknown Faker locale')
  })
})

t.test('dates', async t => {
  t.test('a day is a day in its zone, also when clocks change', async t => {
    t.equal(text("{{now 'yyyy-MM-dd HH:mm xxx' zone='Europe/Berlin' offset='30 days'}}"), '2024-04-09 13:34 +02:00')
    t.equal(text("{{dateFormat '2024-07-01T00:00:00Z' \"yyyy-MM-dd'T'HH:mm:ssZ\" timezone='Asia/Kolkata'}}"), '2024-07-01T05:30:00+0530')
    t.equal(text("{{now zone='+02:00'}}"), '2024-03-10T14:34:56.789+02:00')
  })

  t.test('what is read as a date', async t => {
    for (const source of ['2024-01-02', '2024-01-02T00:00:00Z', '2024-01-02T01:00:00+01:00', 'Tue, 02 Jan 2024 00:00:00 GMT', '1704153600000', 'Jan 2, 2024']) {
      t.equal(text(`{{dateFormat '${source}' 'iso'}}`), '2024-01-02T00:00:00.000Z', source)
    }
    for (const source of ['', 'soon', '2024-13-01', '2024-02-30']) {
      t.equal(value(`{{isValidDate '${source}'}}`), false, source)
      t.equal(text(`{{dateFormat '${source}' 'yyyy'}}`), '', source)
    }
  })

  t.test('headers and numbers', async t => {
    t.equal(text("{{now format='http'}}"), 'Sun, 10 Mar 2024 12:34:56 GMT')
    t.equal(value("{{now format='unix'}}"), 1710074096)
    t.equal(value("{{parseDate '1710074096' format='unix'}}") instanceof Date, true)
  })

  t.test('truncation', async t => {
    const truncated = (how: string) => text(`{{truncateDate (now) '${how}'}}`)
    t.equal(truncated('last day of month'), '2024-03-31T00:00:00.000Z')
    t.equal(truncated('first minute of hour'), '2024-03-10T12:00:00.000Z')
    t.equal(truncated('FIRST_DAY_OF_NEXT_YEAR'), '2025-01-01T00:00:00.000Z')
    t.equal(text("{{truncateDate (now) 'first hour of day' zone='America/New_York'}}"), '2024-03-10T05:00:00.000Z')
  })

  t.test('mistakes', async t => {
    t.match(compileError("{{now 'YYYY-MM-DD'}}").message, /'YYYY' is no token.*write 'yyyy'/)
    t.match(compileError("{{dateFormat x format='nonsense'}}").message, 'unescaped latin alphabet character')
    t.match(renderError('{{now request.body}}', withBody('DD')).message, "'DD' is no token")
    t.match(compileError("{{now zone='Mars/Base'}}").message, "unknown time zone 'Mars/Base'")
    t.match(compileError("{{now offset='soon'}}").message, "offset 'soon' is not understood")
    t.match(renderError("{{truncateDate (now) 'noon'}}").message, "unknown truncation 'noon'")
    t.match(renderError("{{date 'x' 'y'}}").message, "'x' is no date")
    t.match(renderError("{{time 'x' 'y'}}").message, "'x' is no time of day")
  })
})

t.test('helpers with a say of their own', async t => {
  t.test('lenient with what requests bring', async t => {
    t.same(value(['{{add nothing "x" 2}}', '{{divide 1 0}}', '{{round "a"}}', '{{upper nothing}}', '{{first nothing}}', '{{join nothing}}', '{{size nothing}}', '{{jsonPath nothing "$.a"}}']),
      [2, null, null, '', null, '', 0, null])
  })

  t.test('Mockoon\'s filter conditions', async t => {
    const list = [{ a: 1, b: 1 }, { a: 1, b: 2 }, { a: 2, b: 2 }]
    t.same(value('{{filter request.body (object a=2) (object b=1)}}', withBody(list)), [list[0], list[2]], 'one of them')
    t.same(value('{{filter request.body (array (object a=1) (object b=2))}}', withBody(list)), [list[1]], 'all of a list')
    t.same(value('{{filter request.body 1 "2"}}', withBody([1, 2, 3])), [1, 2])
  })

  t.test('choices from a list or from arguments', async t => {
    t.match(value("{{oneOf (array 'a' 'b')}}"), /^[ab]$/)
    t.equal(value('{{oneOf (array (object a=1)) true}}'), '{"a":1}')
    t.same(value('{{size (someOf (array 1 2 3) 3 3)}}'), 3)
    t.equal(value("{{pickWeighted 'never' 0 'always' 1}}"), 'always')
  })

  t.test('variables go on between templates of one request', async t => {
    const shared = context()
    templates.text("{{setVar 'user' request.body.user}}{{#assign 'greeting'}}Hello {{user.name}}{{/assign}}").render(shared)
    t.same(templates.value({ a: '{{greeting}}', b: '{{user.age}}', c: "{{getVar 'user'}}" }).render(shared), { a: 'Hello Ann Lee', b: 36, c: { name: 'Ann Lee', age: 36 } })
    t.equal(text('{{greeting}}'), '', 'not between requests')
  })

  t.test('parsing into variables, WireMock\'s way', async t => {
    t.equal(text('{{parseJson \'{"a": [1]}\' "p"}}{{p.a.[0]}}'), '1')
    t.equal(text('{{val nothing or="x" assign="v"}}{{v}}'), 'x')
    t.match(renderError("{{jsonParse '{a'}}").message, 'jsonParse: not JSON')
  })

  t.test('counters', async t => {
    const shared = context()
    const next = templates.value("{{counter 'c' start=10 step=5}}")
    t.same([next.render(shared), next.render(shared)], [10, 15])
  })

  t.test('text is taken as it is, not as a pattern', async t => {
    t.equal(text("{{replace 'a.b' '.' '$&'}}{{replaceAll 'a.b.' '.' '$1'}}"), 'a$&ba$1b$1')
  })

  t.test('patterns take linear time', async t => {
    t.equal(value("{{matches request.body '(a+)+b'}}", withBody('a'.repeat(50_000))), false)
    t.match(compileError("{{matches 'a' '(?=a)'}}").message, /matches: pattern '\(\?=a\)'.*look-around/)
    t.same(value("{{jsonPath request.body '$[?match(@, \"(a+)+b\")]'}}", withBody(['a'.repeat(5_000)])), [])
  })
})

t.test('helpers of your own', async t => {
  const shout: TemplateHelper = ([word], { times = 1 }) => `${word}${'!'.repeat(Number(times))}`
  const each: TemplateHelper = { block: (body, [items]) => Array.isArray(items) ? items.map((item, n) => body.render(item, { n })).join(';') : body.otherwise() }
  const own = createTemplates({ helpers: { shout, list: each, upper: () => 'mine', seen: (_args, _hash, { request }) => ({ id: request.params.id }) } })
  const render = (json: unknown) => own.value(json).render(context())
  t.equal(render('{{shout "hi" times=3}}'), 'hi!!!')
  t.equal(render('{{#shout}}{{request.params.id}}{{/shout}}'), '7!')
  t.equal(render('{{#list request.body.items as |x|}}{{name}}{{@n}}{{x.price}}{{/list}}'), 'pen02.5;ink110')
  t.equal(render('{{#list nothing}}x{{else}}none{{/list}}'), 'none')
  t.equal(render('{{upper "a"}}'), 'mine')
  t.same(render('{{seen}}'), { id: '7' })
  t.match(compileError('{{list 1}}', { helpers: { list: each } }).message, "'list' is a block")
  t.match(compileError({ '{{#list 1}}': 1 }, { helpers: { list: each } }).message, '{{#list}} cannot stand around JSON')
})

t.test('mistakes are told with their place', async t => {
  const cases: Array<[unknown, { message: RegExp, pointer?: string, line?: number, column?: number, hint?: RegExp }]> = [
    [{ a: ['x', 'y\n {{uper "a"}}'] }, { message: /unknown helper 'uper'/, pointer: '/a/1', line: 2, column: 2, hint: /'upper'/ }],
    [{ 'a/b': { 'c~d': '{{#if x}}' } }, { message: /{{#if}} is not closed/, pointer: '/a~1b/c~0d', line: 1, column: 1, hint: /add {{\/if}}/ }],
    ['{{#if a}}{{/each}}', { message: /{{#if}} is closed by {{\/each}}/ }],
    ['a {{b', { message: /'{{' without '}}'/, column: 3 }],
    ['a {{}}', { message: /nothing between/, column: 5 }],
    ['{{else}}', { message: /outside of a block/ }],
    ['ab {{/if}}', { message: /closed that was not opened/, column: 4 }],
    ['{{upper (lowr "a")}}', { message: /unknown helper 'lowr'/, column: 9, hint: /'lower'/ }],
    ['{{UPPER "a"}}', { message: /unknown helper 'UPPER'/, hint: /'upper'/ }],
    ["{{faker 'person.firstNam'}}", { message: /Faker has no 'person.firstNam'/, hint: /person.firstName/ }],
    ["{{faker 'constructor'}}", { message: /Faker has no 'constructor'/ }],
    ["{{faker 'helpers.fake'}}", { message: /Faker has no/ }],
    ["{{jsonPath x '$['}}", { message: /JSONPath '\$\['/ }],
    ['{{#if}}a{{/if}}', { message: /takes 1 argument, not 0/ }],
    ['{{#eech x y}}{{/eech}}', { message: /unknown helper 'eech'/, hint: /'each'/ }],
    ['{{if a}}', { message: /'if' is a block/, hint: /{{#if …}}/ }],
    ['{{> partial}}', { message: /partials/ }],
    ['{{#> partial}}{{/partial}}', { message: /partials/ }],
    ['{{* decorator}}', { message: /decorators/ }],
    [{ '{{#if a}}': 1, b: 2 }, { message: /key 'b' beside a block/ }],
    [{ a: 1, '{{#if a}}': 1 }, { message: /beside a block/ }],
    [{ '{{#if a}}': 1, '{{else}}': 2, c: 3 }, { message: /key 'c' beside a block/ }],
    [{ '{{#switch a}}': 1 }, { message: /needs one object/ }],
    [{ '{{#case a}}': 1 }, { message: /cannot stand around JSON/ }],
    [{ a: ['{{#eech b}}', 1] }, { message: /unknown helper 'eech'/, pointer: '/a/0' }]
  ]
  for (const [json, expected] of cases) {
    const error = compileError(json)
    t.match({ message: error.detail, pointer: error.pointer, line: error.line, column: error.column, hint: error.hint }, expected, JSON.stringify(json))
    t.equal(error.code, 'MOCK_ERR_TEMPLATE')
    t.ok(error instanceof MOCK_ERR_TEMPLATE)
    t.notMatch(error.message, '\n', 'in one line')
  }
  t.equal(compileError({ a: '{{uper 1}}' }).message, "/a: unknown helper 'uper' (line 1, column 1); did you mean 'upper'?")
  t.throws(() => templates.text('{{uper 1}}', '/endpoints/0/text'), /^Error: \/endpoints\/0\/text: |^\/endpoints\/0\/text: /)

  const failing = { helpers: { fail: () => { throw new TypeError('no luck') } } }
  const error = renderError({ a: ['x {{upper (fail)}}'] }, {}, failing)
  t.match({ ...error, message: error.message, cause: error.cause }, { code: 'MOCK_ERR_TEMPLATE_RENDER', message: '/a/0: fail: no luck (line 1, column 11)', pointer: '/a/0', cause: { name: 'TypeError' } })
  t.ok(error instanceof MOCK_ERR_TEMPLATE_RENDER)
  t.match(renderError('{{#case 1}}{{/case}}').message, '{{#case}} and {{#default}} belong inside {{#switch}}')
  t.match(renderError('{{#fail}}{{/fail}}', {}, failing).message, 'fail: no luck')
  const loop: Record<string, unknown> = {}
  loop.self = loop
  t.match(renderError({ a: '{{loop}}' }, { variables: { loop } }), { pointer: '/a', code: 'MOCK_ERR_TEMPLATE_RENDER' })
})

t.test('limits', async t => {
  const tight = (limits: object) => ({ limits: { ...DEFAULT_LIMITS, ...limits } })
  t.match(compileError('{{a}}'.repeat(10), tight({ source: 20 })).message, 'longer than 20')
  t.match(compileError('{{#if a}}'.repeat(300) + '{{/if}}'.repeat(300)).message, 'nested deeper than 200 levels')
  t.match(compileError('{{#if a}}'.repeat(50_000) + '{{/if}}'.repeat(50_000)).message, /nested/)
  t.match(compileError(`{{upper ${'(upper '.repeat(300)}a${')'.repeat(300)}}}`).message, 'nested deeper than 200 levels')
  t.match(compileError(JSON.parse('['.repeat(300) + '"{{a}}"' + ']'.repeat(300))).message, 'nested deeper')
  t.match(renderError('{{#repeat 1000000000}}x{{/repeat}}').message, 'repeat: 1000000000 rounds are more than 100000')
  t.match(renderError('{{#repeat 1000}}{{#repeat 1000}}x{{/repeat}}{{/repeat}}').message, 'loops take more than 100000 rounds')
  t.match(renderError(['{{#repeat 1000}}', ['{{#repeat 1000}}', 1]]).message, 'loops take more than 100000 rounds')
  t.match(renderError('{{#repeat -1}}x{{/repeat}}').message, "'-1' is not a number of rounds")
  t.match(renderError('{{#repeat 100}}{{request.body}}{{/repeat}}', withBody('a'.repeat(200)), tight({ output: 5000 })).message, 'output is longer than 5000')
  t.match(renderError({ a: '{{request.body}}', b: 1 }, withBody('a'.repeat(200)), tight({ output: 100 })).message, 'output is longer than 100')
  t.match(renderError("{{#repeat 60}}{{setVar 'x' (concat 'a' @x @x)}}{{/repeat}}").message, /concat: .*longer than/)
  t.match(renderError("{{#repeat 60}}{{setVar 'x' (concat (array 1) (default @x (array 1)) (default @x (array 1)))}}{{/repeat}}").message, /concat: .*items/)
  for (const source of ["{{padStart 'a' 1000000000}}", "{{repeatText 'ab' 1000000000}}", '{{range 1 1000000000}}', '{{random.string 1000000000}}', '{{randomValue length=1000000000}}', "{{faker 'string.alpha' 1000000000}}", "{{faker 'lorem.words' 1000000000}}", "{{faker 'string.alpha' length=1000000000}}", "{{faker 'helpers.fromRegExp' 'a{1000000000}'}}"]) {
    t.match(renderError(source).message, /(more|longer) than|too often/, source)
  }
})

t.test('prototypes and globals are out of reach', async t => {
  const body = { list: [1], text: 'a', nested: {} }
  const paths = ['constructor', '__proto__', 'prototype', 'process', 'global', 'globalThis', 'require', 'module', 'toString', 'hasOwnProperty', '__defineGetter__', 'valueOf',
    'request.constructor', 'request.__proto__', 'request.body.constructor.constructor', 'request.body.list.constructor', 'request.body.list.push', 'request.body.list.map',
    'request.body.text.constructor', 'request.body.text.0', 'request.body.nested.__proto__.x', 'this.constructor', '@root.constructor', '@root.__proto__', '@root.request.constructor',
    '@constructor', '@__proto__', 'request.method.constructor', 'request.headers.constructor', 'request.params.__proto__', 'request.query.toString', '[__proto__].x', 'this.[constructor]']
  for (const path of paths) {
    t.equal(text(`{{${path}}}`, withBody(body)), '', path)
    t.equal(text(`{{#with request.body}}{{${path}}}{{/with}}`, withBody(body)), '', `${path} inside`)
    t.equal(text(`{{#each request.body.list}}{{${path}}}{{/each}}`, withBody(body)), '', `${path} in a loop`)
  }
  const calls = ['lookup request "constructor"', 'lookup (lookup request "__proto__") "constructor"', 'get request.body.list "push"', 'lookup this "constructor"', 'lookup @root "__proto__"',
    'objectPath request.body "constructor.constructor"', 'objectPath request.body "__proto__"', 'body "constructor.name"', 'jsonPath request.body "$.constructor"', 'jsonPath request.body "$.__proto__"',
    'jsonPath request.body "$.list.push"', 'header "constructor"', 'cookie "__proto__"', 'urlParam "toString"', 'queryParam "constructor"', 'getVar "constructor"', 'lookup "text" "constructor"']
  for (const call of calls) t.equal(text(`{{${call}}}`, withBody(body)), '', call)
  for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf', '__lookupGetter__', 'helperMissing', 'blockHelperMissing', 'log']) {
    t.match(compileError(`{{${name} 1}}`).message, `unknown helper '${name}'`)
    t.match(compileError(`{{#${name} 1}}{{/${name}}}`).message, `unknown helper '${name}'`)
    t.match(compileError(`{{upper (${name})}}`).message, `unknown helper '${name}'`)
  }
  t.match(renderError("{{math 1 'constructor' 2}}").message, "unknown operator 'constructor'")
  t.match(renderError("{{randomValue type='constructor'}}").message, "unknown type 'CONSTRUCTOR'")
  for (const name of ['constructor.constructor', 'fakerCore.locale', 'person.constructor', '__proto__.x', 'helpers.multiple', 'seed', 'person.faker']) {
    t.match(compileError(`{{faker '${name}'}}`).message, 'Faker has no', name)
    t.match(renderError('{{faker request.body}}', withBody(name)).message, 'Faker has no', name)
  }

  t.test('and cannot be written to', async t => {
    const evil = JSON.parse('{"__proto__": {"polluted": true}, "a": 1}')
    for (const source of ['{{merge request.body}}', '{{deepMerge request.body request.body}}', '{{object __proto__=1 polluted=true}}', "{{setVar '__proto__' request.body}}", '{{omitKeys request.body "a"}}']) {
      text(source, withBody(evil))
      t.equal('polluted' in {}, false, source)
    }
    const made = value({ '{{concat "__pro" "to__"}}': { polluted: true } })
    t.equal(Object.hasOwn(Object(made), '__proto__'), true, 'it is a key like others')
    t.equal(Object.getPrototypeOf(made), Object.prototype)
    t.same(value(JSON.parse('{"__proto__": "{{request.params.id}}"}')), JSON.parse('{"__proto__": "7"}'))
  })

  t.test('but data with such names is data', async t => {
    t.equal(text('{{request.body.constructor}}', withBody({ constructor: 'BMW' })), 'BMW')
    t.equal(text('{{request.body.__proto__}}', withBody(JSON.parse('{"__proto__": 1}'))), '1')
  })
})

t.test('properties', async t => {
  const plainText = fc.string({ unit: 'binary' }).filter(text => !text.includes('{{'))
  const json = fc.letrec(tie => ({
    value: fc.oneof({ maxDepth: 4 }, plainText, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null),
      fc.array(tie('value'), { maxLength: 5 }), fc.dictionary(fc.oneof(plainText, fc.constant('__proto__')), tie('value'), { maxKeys: 5 }))
  })).value

  t.test('JSON without braces renders to itself', async t => {
    fc.assert(fc.property(json, json => {
      const compiled = templates.value(json)
      return compiled.constant && compiled.stringify(context()) === JSON.stringify(json) && JSON.stringify(compiled.render(context())) === JSON.stringify(json)
    }))
  })

  const template = fc.oneof(
    fc.constantFrom('{{request.body}}', '{{request.body.a}}', '{{nothing}}', 'x{{request.body}}', '{{uuid}}', '{{random.int 1 9}}', '{{now}}', '{{parseDate "2024-01-01"}}',
      '{{#each request.body}}{{@key}}{{this}}{{/each}}', '{{array request.body nothing}}', '{{object a=request.body b=nothing}}', '{{stringify request.body}}', '{{divide 1 0}}'),
    fc.constant({ '{{#if request.body}}': '{{request.body}}' }),
    fc.constant(['{{#repeat 0 3}}', '{{@index}}', '{{nothing}}']),
    fc.constant({ '{{#each request.body}}': { k: '{{@key}}', v: '{{this}}' }, '{{else}}': 0 }))
  const document = fc.letrec(tie => ({
    value: fc.oneof({ maxDepth: 3 }, template, json, fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.oneof(plainText, fc.constantFrom('1', '__proto__', '{{request.body}}', 'k{{@x}}')), tie('value'), { maxKeys: 4 }))
  })).value

  t.test('stringify gives the JSON of what render gives', async t => {
    fc.assert(fc.property(document, json, fc.integer(), (source, body, seed) => {
      const compiled = templates.value(source)
      const changes = { seed, request: { body } }
      return compiled.stringify(context(changes)) === JSON.stringify(compiled.render(context(changes)))
    }), { numRuns: 500 })
  })

  t.test('any text compiles, or fails with a TemplateError', async t => {
    const pieces = fc.array(fc.oneof(fc.constantFrom('{{', '}}', '{{{', '}}}', '{{#if ', '{{/if}}', '{{else}}', '{{^', '~', '(', ')', 'a', '.', '../', '@', '"', '=', '|', '\\', '\n', ' ', '[', ']', '!--', '--', 'as |x|', 'each', '>', '&', '*'), plainText), { maxLength: 12 })
    fc.assert(fc.property(pieces, pieces => {
      try {
        templates.value(pieces.join('')).stringify(context())
        return true
      } catch (error) {
        return error instanceof TemplateError || error instanceof TemplateRenderError
      }
    }), { numRuns: 2000 })
  })
})
