import { Type } from 'typebox'
import type { ApplicationRole } from '../../../../../store/store.ts'

/** What an account is permitted, by id here and id in the application (contract, section 2.3; sic: camel case). */
export const Permissions = Type.Array(
  Type.Object(
    { id: Type.String(), remoteId: Type.Union([Type.String(), Type.Null()]) },
    { additionalProperties: false },
  ),
)

/** The code is what the application itself knows a role by. */
export function presentRolePermissions(roles: readonly ApplicationRole[]) {
  return roles.map((role) => ({ id: role.id, remoteId: role.code }))
}
