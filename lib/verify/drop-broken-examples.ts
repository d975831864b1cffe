import type { Config, WrittenEndpoint } from '../config.ts'
import type { BrokenAnswer } from './verify-answers.ts'

/** A configuration without the examples that do not fit their schema: where they were, a body is generated. */
export function dropBrokenExamples (config: Config, broken: readonly BrokenAnswer[]): Config {
  const places = new Set(broken.map(({ index, response }) => `${index} ${response}`))
  const endpoints = (config.endpoints ?? []).map((endpoint, index): WrittenEndpoint => {
    const { responses } = endpoint
    if (places.has(`${index} -1`)) return withoutBody(endpoint)
    if (responses === undefined || !responses.some((_, at) => places.has(`${index} ${at}`))) return endpoint
    return { ...endpoint, responses: responses.map((response, at) => places.has(`${index} ${at}`) ? withoutBody(response) : response) }
  })
  return { ...config, endpoints }
}

function withoutBody<Answer extends { response?: unknown, text?: string }> ({ response: _response, text: _text, ...rest }: Answer): Omit<Answer, 'response' | 'text'> {
  return rest
}
