import { compareWithBare } from './compare.ts'
import type { Part } from './part.ts'

const KINDS = [
  { name: 'read-row', title: 'GET by id', target: 0.7 },
  { name: 'read-page', title: 'GET of a page of ten' },
  { name: 'create-row', title: 'POST' },
  { name: 'replace-row', title: 'PUT' }
]

const CASES = KINDS.flatMap(({ name, title, ...target }) => [
  { name: `${name}:10`, title: `${title}, 10 rows`, ...target },
  { name: `${name}:100000`, title: `${title}, 100,000 rows`, ...target }
])

/** What REST over a collection costs, and whether it costs more with more rows. */
const resources: Part = async ({ quick, progress }) => {
  const rounds = quick ? 3 : 9
  const { table, targets } = await compareWithBare(CASES, { rounds, milliseconds: quick ? 700 : 1500, progress })
  return {
    title: 'REST resources over collections',
    text: [
      'One line of configuration that serves a collection, beside routes of bare Fastify over a Map and a list. Ids and pages asked for are spread over all rows. What ' +
      `is created stays: the collection grows by each \`POST\`, on both sides. ${rounds} rounds, loaded in turn as above; without \`ETag\`, which the bare routes have none of.`
    ],
    tables: [table],
    targets
  }
}

export default resources
