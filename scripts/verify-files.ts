import { loadConfig } from '../lib/config/load.ts'
import { runInSlices } from '../lib/config/slices.ts'
import { importWith } from '../lib/openapi/include.ts'
import { verifyAnswers, type BrokenAnswer, type Verification } from '../lib/verify/verify-answers.ts'
import { documentSettings } from './commands/document-flags.ts'
import type { VerifyFlags } from './commands/verify.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { chooseFiles } from './inputs.ts'
import { createPaint } from './paint.ts'
import { createPlaces, type Place } from './places.ts'
import { createProgress } from './progress.ts'
import { formatVerdict } from './verdict-report.ts'

/** A broken answer with its place, and the other operations that have the very same example. */
export interface PlacedAnswer extends Omit<BrokenAnswer, 'index' | 'response'> {
  /** Whose mistake it is: one of an OpenAPI document, or of a configuration. Generated bodies are ours. */
  by: 'document' | 'configuration' | 'generator'
  place: Place
  others: string[]
}

export interface Verdict extends Pick<Verification, 'endpoints' | 'examples' | 'generated' | 'unchecked' | 'unusable'> {
  ok: boolean
  files: readonly string[]
  broken: PlacedAnswer[]
  /** How many of them are documents' own examples, and tolerated. */
  tolerated: number
}

/**
 * The command `verify`: proves that every answer fits the schema that it is declared with, or tells which do not, each with its place.
 *
 * @throws Failure, or MOCK_ERR_CONFIG_INVALID
 */
export async function verifyFiles (args: readonly string[], flags: VerifyFlags): Promise<ExitCode> {
  const cwd = process.cwd()
  const { files: include, texts } = await chooseFiles(args, cwd)
  const progress = createProgress(process.stderr)
  const places = createPlaces()
  const loaded = await loadConfig({ include: [...include], ...documentSettings(flags, cwd) }, { cwd, env: process.env, texts, importOpenApi: importWith({ onDocument: places.know }) })
  const total = loaded.config.endpoints?.length ?? 0
  const result = await runInSlices(counted(verifyAnswers(loaded.config), done => progress.show(`${done}/${total} operations`))).finally(progress.clear)

  const broken = await groupByExample(result.broken, async answer => await places.of(loaded, answer))
  const tolerated = flags.allowBrokenExamples === true ? broken.filter(({ by, kind }) => by === 'document' && kind === 'example').length : 0
  const { endpoints, examples, generated, unchecked, unusable } = result
  const verdict: Verdict = { ok: broken.length === tolerated, endpoints, examples, generated, unchecked, unusable, files: loaded.files, broken, tolerated }
  process.stdout.write(flags.json === true ? `${JSON.stringify(verdict, null, 2)}\n` : formatVerdict(verdict, { paint: createPaint(process.stdout, process.env), cwd }))
  return verdict.ok ? EXIT.ok : EXIT.config
}

function * counted<Result> (work: Generator<void, Result>, onStep: (done: number) => void): Generator<void, Result> {
  for (let done = 0; ; done++) {
    const step = work.next()
    if (step.done === true) return step.value
    onStep(done)
    yield
  }
}

async function groupByExample (broken: readonly BrokenAnswer[], placeOf: (answer: BrokenAnswer) => Promise<Place & { isDocument: boolean }>): Promise<PlacedAnswer[]> {
  const groups = new Map<string, PlacedAnswer>()
  for (const answer of broken) {
    const { index: _index, response: _response, ...rest } = answer
    const { isDocument, ...place } = await placeOf(answer)
    const key = answer.kind === 'example' ? `${place.file} ${place.pointer}` : `${answer.operation} ${answer.response}`
    const known = groups.get(key)
    if (known !== undefined) {
      if (!known.others.includes(answer.operation) && known.operation !== answer.operation) known.others.push(answer.operation)
      continue
    }
    const by = answer.kind === 'generated' ? 'generator' : isDocument ? 'document' : 'configuration'
    groups.set(key, { ...rest, by, place, others: [] })
  }
  return [...groups.values()]
}
