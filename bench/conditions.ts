import { compareWithBare } from './compare.ts'
import type { Part } from './part.ts'
import { tableSizePart } from './table-size.ts'

const CASES = [
  { name: 'variants:1', title: 'POST, matched on a JSON body, 1 variant', target: 0.7 },
  { name: 'variants:10', title: 'POST, matched on a JSON body, 10 variants', target: 0.7 },
  { name: 'variants:100', title: 'POST, matched on a JSON body, 100 variants', target: 0.7 }
]

/** What it costs to choose an answer by the body. */
const conditions: Part = async ({ quick, progress }) => {
  const rounds = quick ? 3 : 9
  const { table, targets } = await compareWithBare(CASES, { rounds, milliseconds: quick ? 700 : 2000, progress })
  return {
    title: 'Answers matched on a JSON body',
    text: [
      'One endpoint whose answer depends on a member two levels deep in the body of a POST, out of 1, 10 and 100; ten of them are asked for in turn. Bare Fastify ' +
      `parses the same body and picks the answer from a Map. ${rounds} rounds, loaded in turn as above.`
    ],
    tables: [table],
    targets
  }
}

export default conditions

/** Whether conditions are compiled with their endpoint, so that nobody else's cost anything. */
export const conditionsTable: Part = tableSizePart({
  title: 'Many endpoints with conditions',
  text: 'Each endpoint has two answers, one of them on conditions: a query parameter equals a text, and a header starts with one.',
  scenario: 'endpoints-with-conditions',
  target: 'throughput of 10,000 endpoints with conditions against that of 10'
})
