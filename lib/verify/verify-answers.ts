import { compileAnswer, type Answer, type AnswerConfig, type AnswerTools } from '../answer.ts'
import type { Config, Endpoint, JsonSchema } from '../config.ts'
import { writtenMethods } from '../config/methods.ts'
import { createGenerator } from '../generate/generator.ts'
import { isJsonType } from '../media/media-type.ts'
import { messageOf } from '../message-of.ts'
import { createRandom, seedOf } from '../random.ts'
import { addressed } from '../resource/address.ts'
import { createTemplates } from '../template/engine.ts'
import type { TemplateHelper } from '../template/helper.ts'
import type { Finding } from '../violation/walk.ts'
import { createJudge } from './judge.ts'
import { sampleContext } from './sample-context.ts'

/** An answer that does not fit the schema that it is declared with. */
export interface BrokenAnswer {
  /** Who says it: an example that is written down, or what is generated; `failed` when there was no body at all. */
  kind: 'example' | 'generated' | 'failed'
  /** Which of the configuration's endpoints, and which of its answers: -1 for one without `responses`. */
  index: number
  response: number
  /** `GET /users/{id}` */
  operation: string
  status: number
  name?: string
  /** What is wrong with it, the first first. */
  violations: readonly Finding[]
  /** Why there is no body. */
  reason?: string
}

export interface Verification {
  endpoints: number
  /** How many answers were rendered and judged: those that are written, and those that are generated. */
  examples: number
  generated: number
  /** How many have a body and no schema, or one that is not JSON. */
  unchecked: number
  broken: BrokenAnswer[]
  /** Schemas of answers that cannot be enforced. */
  unusable: Array<{ operation: string, reason: string }>
}

export interface VerifyOptions {
  /** Template helpers of one's own. */
  helpers?: Readonly<Record<string, TemplateHelper>>
  /** Whether to leave out what is generated, which is the greater part of the work. */
  examplesOnly?: boolean
}

/**
 * Renders every answer of every endpoint, as a request would have it rendered, and judges it by its `response_schema`. Offers a pause
 * after each endpoint.
 *
 * @param config complete, as `loadConfig` gives it, or an importer
 */
export function * verifyAnswers (config: Config, { helpers = {}, examplesOnly = false }: VerifyOptions = {}): Generator<void, Verification> {
  const { schemas = {}, seed = 0 } = config
  const endpoints = (config.endpoints ?? []).map(addressed)
  const result: Verification = { endpoints: endpoints.length, examples: 0, generated: 0, unchecked: 0, broken: [], unusable: [] }
  const templates = createTemplates({ helpers })
  const generator = createGenerator({ schemas })
  const requests = createGenerator({ schemas, mode: 'request' })
  let operation = ''
  const judge = createJudge(schemas, (_schema, reason) => result.unusable.push({ operation, reason }))
  const judged = createMemory(judge)

  for (const [index, endpoint] of endpoints.entries()) {
    operation = `${writtenMethods(endpoint).join()} ${endpoint.path}`
    const id = endpoint.id ?? operation
    const answers: readonly AnswerConfig[] = endpoint.responses ?? [endpoint]
    for (const [at, answer] of answers.entries()) {
      if (!isJudged(answer)) {
        if (hasBody(answer)) result.unchecked++
        continue
      }
      const kind = isWritten(answer) ? 'example' : 'generated'
      if (examplesOnly && kind === 'generated') continue
      result[kind === 'example' ? 'examples' : 'generated']++
      const name = nameOf(answer)
      const about = { index, response: endpoint.responses === undefined ? -1 : at, operation, status: answer.status ?? 200, ...name !== undefined && { name } }
      try {
        const tools: AnswerTools = {
          templates,
          root: '/',
          generate: schema => generator.generate(schema, createRandom(seedOf(seed, id))).value,
          fits: (schema, value) => generator.accepts(generator.node(schema), value),
          at: (_key, compile) => compile()
        }
        const violations = judged(answer, () => parse(render(compileAnswer(answer, tools), endpoint, requests)))
        if (violations.length > 0) result.broken.push({ kind, ...about, violations })
      } catch (error) {
        result.broken.push({ kind: 'failed', ...about, violations: [], reason: messageOf(error) })
      }
    }
    yield
  }
  return result
}

type JudgedAnswer = AnswerConfig & { response_schema: JsonSchema }

/** The same example of the same schema, which many operations may share, is judged once. */
function createMemory (judge: ReturnType<typeof createJudge>) {
  const known = new WeakMap<object, { schema: string, findings: readonly Finding[] }>()
  return (answer: JudgedAnswer, body: () => unknown): readonly Finding[] => {
    const { response, response_schema: schema } = answer
    if (typeof response !== 'object' || response === null) return judge(schema, body())
    const text = JSON.stringify(schema)
    const before = known.get(response)
    if (before?.schema === text) return before.findings
    const findings = judge(schema, body())
    known.set(response, { schema: text, findings })
    return findings
  }
}

const isWritten = ({ response, text }: AnswerConfig): boolean => response !== undefined || text !== undefined

const hasBody = (answer: AnswerConfig): boolean => isWritten(answer) || answer.file !== undefined || answer.base64 !== undefined || answer.response_schema !== undefined

/** What has a schema and is JSON; a generated text that is not JSON has no more to it than its schema says, and was made by it. */
function isJudged (answer: AnswerConfig): answer is JudgedAnswer {
  const { content_type: type = 'application/json', response_schema: schema, status = 200 } = answer
  return schema !== undefined && isJsonType(type) && ![204, 205, 304].includes(status) && status >= 200 && answer.file === undefined && answer.base64 === undefined
}

function render ({ body }: Answer, endpoint: Endpoint, requests: ReturnType<typeof createGenerator>): string {
  if (body === undefined) throw new Error('the answer has no body')
  if (body.kind === 'constant') return String(body.payload)
  if (body.kind === 'lazy') return String(body.payload())
  // Made of rows, which have no example.
  if (body.kind === 'responder') throw new Error('the answer is made of rows')
  return body.render(sampleContext(endpoint, (schema, key) => requests.generate(schema, createRandom(seedOf(key))).value))
}

function parse (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Error(`the body is not JSON: ${text.slice(0, 60)}`, { cause })
  }
}

const nameOf = (answer: object): string | undefined => 'name' in answer && typeof answer.name === 'string' ? answer.name : undefined
