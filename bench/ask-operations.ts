import { Agent, request } from 'node:http'
import { answerQuestions } from './answer-questions.ts'
import type { LoadRequest } from './load.ts'
import { operationRequests } from './operation-requests.ts'

/** Asks a server for every operation of a document once, one after another: `node ask-operations.js openapi.json`. */
const [file = ''] = process.argv.slice(2)
const requests = await operationRequests(file)
const agent = new Agent({ keepAlive: true, maxSockets: 1 })

export interface FirstAnswer {
  operation: string
  status: number
  milliseconds: number
}

answerQuestions({
  first: () => requests[0]?.path,
  /** Each operation's first answer. */
  async all (url: string): Promise<FirstAnswer[]> {
    const answers = []
    // The connection and this client are to be warm; the server is not.
    for (let i = 0; i < 50; i++) await ask(url, { method: 'GET', path: '/no-such-path' })
    for (const one of requests) answers.push(await ask(url, one))
    return answers
  }
})

function ask (url: string, { method, path, headers = {}, body }: LoadRequest): Promise<FirstAnswer> {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    const sent = request(url + path, { method, headers: { ...headers, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) }, agent })
    sent.on('error', reject)
    sent.on('response', response => {
      response.resume()
      response.on('end', () => resolve({ operation: `${method} ${path}`, status: response.statusCode ?? 0, milliseconds: performance.now() - start }))
    })
    sent.end(body)
  })
}
