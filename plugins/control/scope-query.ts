import { Type } from 'typebox'
import { MOCK_ERR_SCOPE_UNKNOWN } from '../../lib/errors.ts'
import type { Mock } from '../../lib/mock.ts'
import type { Scope } from '../../lib/scope/scope.ts'

/** The query parameter that says which scope is meant. */
export const scopeParameter = Type.Optional(Type.String({ description: 'Id of the scope that is meant. Default: none.' }))

/** For routes that have no other. */
export const ScopeQuery = Type.Object({ scope: scopeParameter }, { additionalProperties: false })

/**
 * The scope that a control request is about, or the mock server itself where it names none.
 *
 * @throws MOCK_ERR_SCOPE_UNKNOWN
 */
export function scopeOf (mock: Mock, id: string | undefined): Mock | Scope {
  if (id === undefined || id === '') return mock
  const scope = mock.scopes.get(id)
  if (scope === undefined) throw new MOCK_ERR_SCOPE_UNKNOWN(id)
  return scope
}
