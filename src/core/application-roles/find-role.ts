import { ApiError } from '../../errors/api-error.ts'
import type { ApplicationRole, RoleKey, Store } from '../../store/store.ts'
import type { Application } from '../applications/application.ts'
import { requireApplication } from '../applications/require-application.ts'
import type { Caller } from '../permissions/caller.ts'
import { isStorableText } from '../users/is-storable-text.ts'
import type { RoleId } from './role-calls.ts'

/**
 * A role of an application of the caller's tenant.
 * @throws ApiError APP.0001 no such application, APP.ROLE.9001 no such role in it
 */
export async function findRole(
  { store }: { readonly store: Pick<Store, 'read'> },
  caller: Caller,
  id: RoleId,
): Promise<ApplicationRole> {
  const tenantId = caller.tenant.id
  await requireApplication(store.read, tenantId, id.applicationId)
  return await demandRole({ tenantId, ...id }, (key) => store.read.applicationRoles.find(key))
}

/** @throws ApiError APP.ROLE.9001 */
export async function demandRole(
  key: RoleKey,
  find: (key: RoleKey) => Promise<ApplicationRole | undefined>,
): Promise<ApplicationRole> {
  const role = isStorableText(key.roleId) ? await find(key) : undefined
  if (role === undefined) throw new ApiError('APP.ROLE.9001')
  return role
}

/** @throws ApiError APP.OBJECTMODEL.0006 the application has no roles of its own */
export function requireRoleModel({ objectModels }: Application): void {
  if (!objectModels.roles) {
    throw new ApiError('APP.OBJECTMODEL.0006')
  }
}
