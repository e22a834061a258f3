import { ApiError } from '../../errors/api-error.ts'
import type { Store } from '../../store/store.ts'
import { requireApplication } from '../applications/require-application.ts'
import type { Caller } from '../permissions/caller.ts'
import { demandRole } from './find-role.ts'
import type { RoleId } from './role-calls.ts'
import { roleChanged } from './role-changed.ts'

/**
 * Removes a role that no account has: under its lock nobody gives it to one.
 * @throws ApiError APP.0001 no such application; APP.ROLE.9001 no such role; APP.ROLE.9005 an account has it
 */
export async function deleteRole(
  { store }: { readonly store: Store },
  caller: Caller,
  id: RoleId,
): Promise<void> {
  const key = { tenantId: caller.tenant.id, ...id }
  await store.transaction(async (repositories) => {
    await requireApplication(repositories, key.tenantId, key.applicationId)
    await demandRole(key, (each) => repositories.applicationRoles.lock(each))
    if (await repositories.applicationRoles.hasMembers(key)) {
      throw new ApiError('APP.ROLE.9005')
    }
    await repositories.applicationRoles.delete(key)
    await repositories.audit.append(roleChanged(caller, key, 'application_role.removed'))
  })
}
