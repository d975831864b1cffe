import { Type, type Static } from 'typebox'
import { strict } from './json-schema.ts'

const StateName = Type.String({ minLength: 1 })

const TimedTransition = Type.Object({
  from: Type.String({ minLength: 1, description: 'The state that is left.' }),
  to: Type.String({ minLength: 1, description: 'The state that follows.' }),
  delay_ms: Type.Number({ minimum: 1, description: 'How long the scenario stays in `from`, in milliseconds.' })
}, { ...strict, description: 'A transition that time makes, without a request.' })

export const Scenario = Type.Object({
  description: Type.Optional(Type.String({ description: 'A note for people.' })),
  initial: Type.Optional(Type.String({ minLength: 1, description: 'State at the start and after a reset. Default: the first of `states`, else `Started`.' })),
  states: Type.Optional(Type.Array(StateName, { minItems: 1, description: 'All states there are; any other is a mistake then. Default: whatever the answers name.' })),
  after: Type.Optional(Type.Array(TimedTransition, { description: 'Transitions that time makes; they may follow one another.' }))
}, { ...strict, description: 'A state machine that answers of any endpoints ask for and move (docs/state.md).' })
export type Scenario = Static<typeof Scenario>

const Step = {
  state: Type.Optional(Type.Union([StateName, Type.Array(StateName, { minItems: 1 })], {
    description: 'State, or states, in which this answer is given. Default: any.'
  })),
  to: Type.Optional(Type.String({ minLength: 1, description: 'State that this answer moves the scenario to. Default: it stays.' }))
}

/** What an answer has to do with scenarios: with one, or with several at once. */
export const AnswerScenario = Type.Union([
  Type.Object({ name: Type.String({ minLength: 1, description: 'Name of the scenario.' }), ...Step }, strict),
  Type.Record(Type.String(), Type.Object(Step, strict))
], {
  description: 'The scenario that this answer belongs to, `{name, state, to}`: it is given in that state only, and moves the scenario to the next. ' +
    'Several at once go by name: `{cart: {state, to}, payment: {state}}`; all have to be in their states, and all move.'
})
export type AnswerScenario = Static<typeof AnswerScenario>

/** Keys of an answer that say when it is given, and what it leaves behind. */
export const given = {
  times: Type.Optional(Type.Integer({
    minimum: 1,
    description: 'How often this answer is given; then it is passed over. In a sequence: how often in a row. Default: without end.'
  })),
  weight: Type.Optional(Type.Number({ minimum: 0, description: 'Share of the requests that get this answer, beside the weights of the others, with `choose: random`. Default: 1.' })),
  scenario: Type.Optional(AnswerScenario),
  set: Type.Optional(Type.Record(Type.String(), Type.Unknown(), {
    description: 'Variables that this answer sets when it is given; the values may be templates. They are set before the body is made.'
  }))
}

const Mode = [Type.Literal('first'), Type.Literal('sequence'), Type.Literal('round_robin'), Type.Literal('random')] as const

const Named = (part: string) => Type.String({ minLength: 1, description: `Name of the ${part}.` })

export const Per = Type.Union([
  Type.Literal('client'),
  Type.Object({ header: Named('header') }, strict),
  Type.Object({ cookie: Named('cookie') }, strict),
  Type.Object({ query: Named('query parameter') }, strict),
  Type.Object({ param: Named('path parameter') }, strict)
], {
  description: 'Whose requests are counted together: those of one `client` (address), or those with the same value of `{header}`, `{cookie}`, `{query}` or `{param}`. ' +
    'It goes for positions, `times` and `request_number`. Default: all requests to the endpoint.'
})
export type Per = Static<typeof Per>

export const Choose = Type.Union([
  ...Mode,
  Type.Object({
    mode: Type.Optional(Type.Union([...Mode], { description: 'As above. Default: sequence where `end` or `then` is set, else first.' })),
    end: Type.Optional(Type.Union([Type.Literal('stay'), Type.Literal('loop'), Type.Literal('once')], {
      description: 'What follows the last answer of a sequence: the last again (`stay`), the first (`loop`), or nothing, so that the request matches nothing (`once`). Default: stay.'
    })),
    then: Type.Optional(Type.String({ minLength: 1, description: 'Name of the answer that is given once the sequence is over; it is not part of it.' })),
    per: Type.Optional(Per)
  }, strict)
], {
  description: 'Which of the answers that hold a request gets: the `first`; one after the other (`sequence`; `round_robin` begins anew after the last); ' +
    'or one at `random`, by `weight`. Default: first.'
})
export type Choose = Static<typeof Choose>

/** Names of answers, by the ids of endpoints; `extends` apart. */
export interface Situation {
  extends?: string | string[]
  [endpoint: string]: string | string[] | undefined
}

/** Written as a plain schema: TypeBox has no type for an object with one key of another kind. */
export const Situation = Type.Unsafe<Situation>({
  type: 'object',
  properties: {
    extends: {
      anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
      description: 'Situations that this one builds on; later ones go over earlier ones.'
    }
  },
  additionalProperties: { type: 'string', minLength: 1, description: 'Name of the answer that the endpoint gives.' },
  description: 'Names of answers, by the ids of endpoints: `{"POST /orders": "declined"}`.'
})

/** Keys of the configuration itself. */
export const state = {
  scenarios: Type.Optional(Type.Record(Type.String(), Scenario, { description: 'State machines, by name. One that is only named by answers need not be declared.' })),
  variables: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: 'Initial values of variables, by name; any JSON.' })),
  situations: Type.Optional(Type.Record(Type.String(), Situation, { description: 'Which answers endpoints give in a whole situation, such as `checkout fails`; by name.' })),
  situation: Type.Optional(Type.String({ minLength: 1, description: 'The situation at the start and after a reset. Default: none.' }))
}
