import type { OidcOperation } from '../config-keys/oidc.ts'
import { authorize } from './authorize.ts'
import type { Operate } from './call.ts'
import { device, deviceAuthorization } from './device.ts'
import { introspect } from './introspect.ts'
import { logout } from './logout.ts'
import { jwks, metadata } from './metadata.ts'
import { revoke } from './revoke.ts'
import { token } from './token.ts'
import { userinfo } from './userinfo.ts'

/** How each operation of the provider is answered. */
export const operate: Readonly<Record<OidcOperation, Operate>> = {
  metadata, jwks, authorize, token, userinfo, introspect, revoke, logout, device_authorization: deviceAuthorization, device
}
