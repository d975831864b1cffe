import { Type } from 'typebox'
import type { Explanation } from '../../lib/explain.ts'
import { Violation } from './schemas.ts'

const Endpoint = Type.Object({
  id: Type.String(),
  methods: Type.Array(Type.String()),
  path: Type.String(),
  origin: Type.Optional(Type.String({ description: '`mocks/users.yaml:12`' })),
  overlay: Type.Optional(Type.String({ description: 'The overlay that put it in front of the configuration.' }))
})

const Verdict = Type.Object({
  holds: Type.Boolean(),
  part: Type.String({ description: 'Part of the request: `headers`, `body`, `scenarios` ...' }),
  at: Type.Optional(Type.String({ description: 'A name, a JSON pointer or a JSONPath in it.' })),
  operator: Type.String(),
  expected: Type.String(),
  actual: Type.String(),
  message: Type.String({ description: 'What is wrong; empty where it holds.' }),
  distance: Type.Number({ description: 'From 0, holds, to 1, nothing like it.' }),
  parts: Type.Optional(Type.Array(Type.Unknown(), { description: 'Verdicts of alternatives.' }))
})

const Failure = Type.Object({
  stage: Type.String({ description: '`path`, `method`, `query`, `headers`, `enabled` or `when`.' }),
  at: Type.Optional(Type.String()),
  expected: Type.String(),
  actual: Type.String(),
  message: Type.String(),
  remedy: Type.Optional(Type.String({ description: 'The smallest change that mends it.' }))
})

const Candidate = Type.Object({
  endpoint: Endpoint,
  score: Type.Number({ description: 'How near: 1 is a perfect fit.' }),
  passed: Type.Array(Type.String()),
  failed: Type.Array(Failure),
  responses: Type.Optional(Type.Array(Type.Object({
    number: Type.Integer({ description: "Its place among the endpoint's answers, from 1." }),
    name: Type.Optional(Type.String()),
    status: Type.Integer(),
    fits: Type.Boolean({ description: 'Whether it may be given to this request.' }),
    distance: Type.Number(),
    verdicts: Type.Array(Verdict)
  }), { description: 'Its answers that ask for something, the nearest first.' }))
})

const Outcome = Type.Object({
  kind: Type.Union([Type.Literal('answered'), Type.Literal('rejected'), Type.Literal('unmatched')]),
  status: Type.Integer(),
  endpoint: Type.Optional(Endpoint),
  response: Type.Optional(Type.Object({ number: Type.Integer(), name: Type.Optional(Type.String()) }, { description: 'Which of its answers.' })),
  switched: Type.Optional(Type.Object({ by: Type.String(), situation: Type.Optional(Type.String()) }, { description: 'Who has switched that answer on.' })),
  injected: Type.Optional(Type.Object({ latency_ms: Type.Optional(Type.Number()), failure: Type.Optional(Type.Number()), fault: Type.Optional(Type.String()) })),
  stage: Type.Optional(Type.String({ description: 'Where it is rejected: `security`, `content-type`, `request`, `too-large`, `not-acceptable`, `other`.' })),
  violations: Type.Optional(Type.Array(Violation))
})

export const ExplanationBody = Type.Unsafe<Explanation>(Type.Object({
  summary: Type.String({ description: 'One line: the mistake, or what answers.' }),
  outcome: Type.Optional(Outcome),
  candidates: Type.Array(Candidate, { description: 'The nearest first.' }),
  hint: Type.String({ description: 'The remedy; empty where there is nothing to mend.' }),
  scope: Type.Optional(Type.String({ description: 'The scope that the request belongs to.' })),
  notes: Type.Optional(Type.Array(Type.String(), { description: 'In what it may differ from what was.' })),
  allow: Type.Array(Type.String(), { description: 'Methods that are served under this path, where the method is the mistake.' })
}, { description: 'What becomes of a request, and why.' }))
