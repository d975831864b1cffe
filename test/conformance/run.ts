/**
 * Imports, serves and checks every OpenAPI document of the shared fixtures, puts the cases of Prism's test harness to it, and has
 * GitHub's own client work against the mock of GitHub:
 *
 *     npm run test:conformance                   all of it
 *     npm run test:conformance -- uber           the documents whose name contains 'uber'
 *     npm run test:conformance -- prism-cases    the cases alone
 *     npm run test:conformance -- octokit        the client alone
 *
 * MOCK_FIXTURES names the folder of the fixtures (default: ../shared/fixtures); without it there is nothing to do.
 */
import Fastify from 'fastify'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import mockPlugin from '../../plugins/mock.ts'
import { documentsOf, type Document } from './documents.ts'
import { KNOWN } from './known.ts'
import { checkOctokit } from './octokit.ts'
import { judge, prepareOracle, type Verdict } from './oracle.ts'
import { checkPrismCases } from './prism-cases.ts'

const run = promisify(execFile)
const root = resolve(import.meta.dirname, '../..')
const fixtures = resolve(root, process.env.MOCK_FIXTURES ?? '../shared/fixtures')

/** What must not fail, for any operation of any document. */
const HARD = ['responded', 'status.declared', 'status.success', 'no-5xx', 'contentType.declared', 'body.json', 'body.present', 'body.absent', 'body.schema', 'server.alive', 'viol.no-5xx']

/** What must hold for so large a share of all operations, bodies and violations together. */
const SHARES = [
  { what: 'operations fully conforming', least: 0.99, count: ({ score }: Summary) => counted(score.operationsFullyConforming) },
  { what: 'bodies valid', least: 0.999, count: ({ checks }: Summary) => checks['body.schema'] ?? NONE },
  { what: 'violations rejected', least: 0.99, count: ({ score }: Summary) => counted(score.violations) }
]

type Summary = Verdict['summary']

const NONE = { pass: 0, fail: 0 }

/** The checker says `97/98`. */
function counted (score: unknown): { pass: number, fail: number } {
  const [pass = 0, all = 0] = String(score).split('/').map(Number)
  return { pass, fail: all - pass }
}

/** The checker is Node's own and slow to start; two at a time is what two cores bear. */
const AT_ONCE = 2

interface Outcome {
  document: Document
  error?: string
  verdict?: Verdict
}

async function check (document: Document, oracle: string, folder: string, index: number): Promise<Outcome> {
  const config = join(folder, `${index}.json`)
  try {
    await run(process.execPath, [join(root, 'dist/cli/mock-server.js'), 'import-openapi', document.file, '--out', config])
  } catch (error) {
    return { document, error: `the import failed: ${error instanceof Error ? error.message : String(error)}` }
  }
  const app = Fastify()
  try {
    await app.register(mockPlugin, { include: [config], log: { max_entries: 0 } })
    const base = await app.listen({ host: '127.0.0.1', port: 0 })
    return { document, verdict: await judge(oracle, document.file, base, join(folder, `${index}-report.json`)) }
  } catch (error) {
    return { document, error: error instanceof Error ? error.message : String(error) }
  } finally {
    await app.close()
  }
}

function failuresOf ({ summary, failures }: Verdict, document: Document): string[] {
  return HARD.flatMap(name => {
    const known = failures.filter(({ check, op }) => check === name && isKnown(document, op, check))
    const fail = (summary.checks[name]?.fail ?? 0) - known.length
    const shown = failures.filter(failure => failure.check === name && !known.includes(failure)).slice(0, 3)
    return fail === 0 ? [] : [`${name}: ${fail}`, ...shown.map(({ op, status, detail }) => `  ${op} -> ${status ?? ''} ${detail ?? ''}`.slice(0, 300))]
  })
}

const isKnown = ({ name }: Document, operation: string, check: string): boolean =>
  KNOWN.some(known => known.document === name && known.operation === operation && known.check === check)

function summarise (outcomes: readonly Outcome[]): void {
  const totals = new Map<string, { pass: number, fail: number }>()
  let operations = 0
  let exercised = 0
  for (const { verdict } of outcomes) {
    if (verdict === undefined) continue
    operations += verdict.summary.operations
    exercised += verdict.summary.exercised
    for (const [name, { pass, fail }] of Object.entries(verdict.summary.checks)) {
      const total = totals.get(name) ?? { pass: 0, fail: 0 }
      totals.set(name, { pass: total.pass + pass, fail: total.fail + fail })
    }
  }
  console.log(`\n${outcomes.length} documents, ${operations} operations, ${exercised} exercised`)
  for (const [name, { pass, fail }] of [...totals].sort()) {
    console.log(`  ${name.padEnd(44)} ${String(pass).padStart(6)} passed ${String(fail).padStart(5)} failed`)
  }
}

/** @returns how many shares are too small */
function checkShares (outcomes: readonly Outcome[]): number {
  let failed = 0
  for (const { what, least, count } of SHARES) {
    let [good, all] = [0, 0]
    for (const { verdict } of outcomes) {
      const { pass, fail } = verdict === undefined ? NONE : count(verdict.summary)
      good += pass
      all += pass + fail
    }
    const isMet = good >= all * least
    if (!isMet) failed++
    console.log(`${isMet ? 'ok    ' : 'not ok'} ${good} of ${all} ${what} (at least ${least * 100} %)`)
  }
  return failed
}

/** @returns how many documents failed */
async function checkDocuments (wanted: string): Promise<number> {
  if (!existsSync(join(fixtures, 'manifest.json'))) {
    console.log(`SKIPPED the documents: there are no fixtures at ${fixtures} (MOCK_FIXTURES names their folder).`)
    return 0
  }
  const documents = (await documentsOf(fixtures)).filter(({ name }) => name.includes(wanted))
  const oracle = await prepareOracle(resolve(fixtures, '../oracle'), join(root, 'node_modules/.cache/mock-oracle'))
  const folder = await mkdtemp(join(tmpdir(), 'mock-conformance-'))
  const outcomes: Outcome[] = []
  let next = 0
  let failed = 0
  await Promise.all([...Array(AT_ONCE)].map(async () => {
    for (let index = next++; index < documents.length; index = next++) {
      const document = documents[index]
      if (document === undefined) return
      const outcome = await check(document, oracle, folder, index)
      outcomes.push(outcome)
      const problems = outcome.verdict === undefined ? [outcome.error ?? 'not checked'] : failuresOf(outcome.verdict, document)
      if (problems.length > 0) failed++
      const score = outcome.verdict?.summary.score
      console.log(`${problems.length === 0 ? 'ok    ' : 'not ok'} ${document.name} ${String(score?.operationsFullyConforming ?? '')} violations ${String(score?.violations ?? '')}`)
      for (const problem of problems) console.log(`       ${problem}`)
    }
  }))
  await rm(folder, { recursive: true, force: true })
  summarise(outcomes)
  for (const { document, operation, check, reason } of KNOWN) console.log(`known: ${document}, ${operation}, ${check}: ${reason}`)
  console.log(`\n${documents.length - failed} documents passed, ${failed} failed`)
  return failed + (wanted === '' ? checkShares(outcomes) : 0)
}

/** @returns how many cases differ from what is expected, or was decided instead */
async function checkCases (): Promise<number> {
  const file = resolve(fixtures, '../prism-cases/cases.json')
  if (!existsSync(file)) {
    console.log(`SKIPPED Prism's cases: there is no ${file}.`)
    return 0
  }
  let failed = 0
  const outcomes = await checkPrismCases(file)
  for (const { name, differences, known } of outcomes) {
    if (differences.length > 0) {
      failed++
      console.log(`not ok ${name}: ${differences.join('; ')}`)
    } else if (known !== undefined) console.log(`known: ${name}: ${known.reason} (${known.decision})`)
  }
  console.log(`\n${outcomes.length - failed} of ${outcomes.length} of Prism's cases hold or are decided otherwise, ${failed} failed`)
  return failed
}

const PARTS: Readonly<Record<string, () => Promise<number>>> = { 'prism-cases': checkCases, octokit: () => checkOctokit(root) }

const wanted = process.argv[2] ?? ''
const part = PARTS[wanted]
let failed = 0
if (part !== undefined) failed = await part()
else {
  failed = await checkDocuments(wanted)
  if (wanted === '') for (const other of Object.values(PARTS)) failed += await other()
}
process.exitCode = failed === 0 ? 0 : 1
