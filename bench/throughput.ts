import { compareWithBare } from './compare.ts'
import type { Part } from './part.ts'

const CASES = [
  { name: 'static', title: 'static JSON, 200 bytes', target: 0.9 },
  { name: 'templated', title: 'templated JSON, five values', target: 0.7 },
  { name: 'validated', title: 'POST, body of six properties validated', target: 0.85 }
]

/** Requests per second against a route of bare Fastify that answers the same. */
const throughput: Part = async ({ quick, progress }) => {
  const rounds = quick ? 3 : 9
  const { table, targets } = await compareWithBare(CASES, { rounds, milliseconds: quick ? 700 : 2000, progress })
  return {
    title: 'Throughput against bare Fastify',
    text: [
      `Both servers run in processes of their own, loaded in turn over 20 connections on the loopback interface: ${rounds} rounds, ` +
      'the ratio taken within each round. The request log is on, as it is by default. The bare route returns the object that ' +
      'the mock is configured with; for templates it builds the object in code; for validation it has the same schema and ' +
      'Fastify\'s own Ajv.',
      'One request at a time on each connection is what real clients do. With ten pipelined, the sockets cost next to nothing and ' +
      'what is left is the servers\' own work: the harder comparison. CPU time per answer is the server process\'s own, which ' +
      'other processes on the machine hardly touch; its ratio is turned so that more is better, as with throughput.'
    ],
    tables: [table],
    targets
  }
}

export default throughput
