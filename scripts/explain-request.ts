import { readFile, stat } from 'node:fs/promises'
import { sep } from 'node:path'
import { ALL_METHODS } from '../lib/config/methods.ts'
import type { Explanation } from '../lib/explain.ts'
import type { LoggedQuestion, Question } from '../lib/explain/question.ts'
import { tellExplanation } from '../lib/explain/tell-explanation.ts'
import { messageOf } from '../lib/message-of.ts'
import { isObject } from '../lib/schema/subschemas.ts'
import type { ExplainFlags } from './commands/explain.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { Failure } from './failure.ts'
import { createPaint, printable } from './paint.ts'
import { buildOffline } from './print-routes.ts'
import { readStdin } from './read-stdin.ts'
import { fileFailure } from './system-error.ts'

/**
 * The command `explain`: says what becomes of a request, by files or by a server that runs.
 *
 * @throws Failure, or MOCK_ERR_CONFIG_INVALID
 */
export async function explainRequest (args: readonly string[], flags: ExplainFlags): Promise<ExitCode> {
  const { question, files } = await read(args, flags)
  const explanation = flags.url === undefined ? await explainOffline(question, files, flags) : await askServer(flags.url, question, files, flags)
  const paint = createPaint(process.stdout, process.env)
  // Files are named as they are from here.
  const shown = (text: string): string => printable(text.replaceAll(process.cwd() + sep, ''))
  process.stdout.write(flags.json === true
    ? `${JSON.stringify(explanation, null, 2)}\n`
    : tellExplanation(explanation, (style, text) => style === 'plain' ? shown(text) : paint(style, shown(text))))
  return explanation.outcome?.kind === 'answered' ? EXIT.ok : EXIT.config
}

async function read (args: readonly string[], flags: ExplainFlags): Promise<{ question: Question | LoggedQuestion, files: readonly string[] }> {
  if (flags.seq !== undefined) return { question: { seq: flags.seq }, files: [] }
  const [first = '', ...rest] = args
  const isMethod = /^[a-z-]+$/i.test(first) && isTarget(rest[0] ?? '')
  const [url = '', ...files] = isMethod ? rest : args
  if (!isTarget(url)) throw await noTarget(args)
  const body = flags.data === undefined ? undefined : await readData(flags.data)
  const headers = { ...flags.header }
  if (body !== undefined) headers['content-type'] ??= isJson(body) ? 'application/json' : 'application/x-www-form-urlencoded'
  const method = isMethod ? first.toUpperCase() : body === undefined ? 'GET' : 'POST'
  return { question: { method, url, headers, ...body !== undefined && { body } }, files }
}

/** What is said where no path of a request is: it was left out before the files, or lacks its slash. */
async function noTarget ([first = '', second]: readonly string[]): Promise<Failure> {
  const isMethod = second !== undefined && ALL_METHODS.includes(first.toUpperCase())
  const written = isMethod ? second : first
  const found = await stat(written).catch(() => undefined)
  if (found !== undefined) return new Failure(EXIT.usage, `'${written}' is a file, and the request comes before the files`, `mock-server explain ${isMethod ? first : 'GET'} /path ${written}`)
  return new Failure(EXIT.usage, `'${written}' is not the path of a request, which starts with /`, `mock-server explain ${isMethod ? first : 'GET'} /${written} ...`)
}

const isTarget = (text: string): boolean => /^(?:\/|\*$|https?:\/\/)/i.test(text)

async function readData (data: string): Promise<string> {
  if (data === '-') return readStdin()
  if (!data.startsWith('@')) return data
  const file = data.slice(1)
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw fileFailure(error, `'${file}' cannot be read`) ?? error
  }
}

function isJson (text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

async function explainOffline (question: Question | LoggedQuestion, files: readonly string[], flags: ExplainFlags): Promise<Explanation> {
  const app = await buildOffline(files, flags, process.cwd())
  try {
    return await app.mock.explain(question)
  } finally {
    await app.close()
  }
}

const TIMEOUT_MS = 30_000

async function askServer (address: string, question: Question | LoggedQuestion, files: readonly string[], { token }: ExplainFlags): Promise<Explanation> {
  if (files.length > 0) throw new Failure(EXIT.usage, `'${files[0]}' is one file too many: the server has its own`, 'leave out the files, or --url')
  const base = /^https?:\/\//i.test(address) ? address : `http://${address}`
  if (!URL.canParse(base)) throw new Failure(EXIT.usage, `'${address}' is no address of a server`, '--url http://localhost:4000')
  const url = `${base.replace(/\/+$/, '')}/__mock/api/explain`
  let response: Response
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...token !== undefined && { authorization: `Bearer ${token}` } },
      body: JSON.stringify(question),
      signal: AbortSignal.timeout(TIMEOUT_MS)
    })
  } catch (error) {
    const reason = error instanceof Error && error.cause instanceof Error ? messageOf(error.cause) : messageOf(error)
    throw new Failure(EXIT.io, `the server at ${base} cannot be asked: ${reason || 'there is no connection'}`, 'is it running, and is that its address?')
  }
  const answer: unknown = await response.json().catch(() => undefined)
  if (isExplanation(answer) && response.ok) return answer
  const detail = isObject(answer) && typeof answer.detail === 'string' ? answer.detail : `it answered with ${response.status}`
  throw new Failure(EXIT.io, `the server at ${base} does not explain it: ${detail}`, response.status === 401 ? '--token <token>, the one told at its start' : 'the address is that of a mock server, prefix included')
}

const isExplanation = (answer: unknown): answer is Explanation =>
  isObject(answer) && typeof answer.summary === 'string' && Array.isArray(answer.candidates)
