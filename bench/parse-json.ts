import { readFileSync } from 'node:fs'
import { answerQuestions } from './answer-questions.ts'

/** The baseline of start-up: reading and parsing the same file, in a process that has done nothing else. */
const [file = ''] = process.argv.slice(2)

answerQuestions({
  parse () {
    const start = performance.now()
    JSON.parse(readFileSync(file, 'utf8'))
    return performance.now() - start
  }
})
