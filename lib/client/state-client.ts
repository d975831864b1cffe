import type { MockSession } from '../mock-session.ts'
import type { ScenarioInfo } from '../state/scenarios.ts'
import type { ProfileInfo } from '../profile/active-profile.ts'
import type { SituationInfo, VariantInfo } from '../state/switches.ts'
import { answerOf, orUndefined, type Send } from './transport.ts'

const at = (base: string, name: string): string => `${base}/${encodeURIComponent(name)}`

/** Scenarios, variables and switched answers of one session. */
export function createStateClient (send: Send): Pick<MockSession, 'scenarios' | 'variables' | 'variants' | 'situations' | 'profiles'> {
  const scenario = (name: string): Promise<ScenarioInfo | undefined> =>
    orUndefined(answerOf<ScenarioInfo>(send('GET', at('/scenarios', name))), 'MOCK_ERR_SCENARIO_UNKNOWN')
  const variable = (name: string): Promise<{ value: unknown } | undefined> =>
    orUndefined(answerOf<{ value: unknown }>(send('GET', at('/variables', name))), 'MOCK_ERR_VARIABLE_UNKNOWN')

  return {
    scenarios: {
      // What nobody knows is where every scenario starts.
      state: async name => (await scenario(name))?.state ?? 'Started',
      get: scenario,
      set: async (name, state) => { await send('PUT', at('/scenarios', name), { body: { state } }) },
      reset: async name => { await send('POST', name === undefined ? '/scenarios/reset' : `${at('/scenarios', name)}/reset`) },
      list: async () => (await answerOf<{ scenarios: ScenarioInfo[] }>(send('GET', '/scenarios'))).scenarios
    },
    variables: {
      get: async name => (await variable(name))?.value,
      has: async name => await variable(name) !== undefined,
      set: async (name, value) => { await send('PUT', at('/variables', name), { body: { value } }) },
      delete: async name => await orUndefined(send('DELETE', at('/variables', name)).then(() => true), 'MOCK_ERR_VARIABLE_UNKNOWN') ?? false,
      entries: async () => Object.entries((await answerOf<{ variables: Record<string, unknown> }>(send('GET', '/variables'))).variables),
      reset: async () => { await send('POST', '/variables/reset') }
    },
    variants: {
      use: async (endpoint, variant) => { await send('PUT', at('/variants', endpoint), { body: { variant } }) },
      reset: async endpoint => { await (endpoint === undefined ? send('POST', '/variants/reset') : send('DELETE', at('/variants', endpoint))) },
      list: async () => (await answerOf<{ variants: VariantInfo[] }>(send('GET', '/variants'))).variants
    },
    situations: {
      use: async name => { await send('PUT', '/situations/current', { body: { name } }) },
      reset: async () => { await send('DELETE', '/situations/current') },
      list: async () => (await answerOf<{ situations: SituationInfo[] }>(send('GET', '/situations'))).situations
    },
    profiles: {
      use: async (name, { for_ms: duration } = {}) => { await send('PUT', '/profiles/current', { body: { name, for_ms: duration } }) },
      reset: async () => { await send('DELETE', '/profiles/current') },
      list: async () => (await answerOf<{ profiles: ProfileInfo[] }>(send('GET', '/profiles'))).profiles
    }
  }
}
