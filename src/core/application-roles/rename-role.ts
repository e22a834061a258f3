import type { Store } from '../../store/store.ts'
import { requireApplication } from '../applications/require-application.ts'
import type { Caller } from '../permissions/caller.ts'
import { checkRoleName } from './check-role.ts'
import { demandRole } from './find-role.ts'
import type { RoleId } from './role-calls.ts'
import { roleChanged } from './role-changed.ts'

/**
 * Gives a role another name; its code never changes. The same name is no change and leaves no record.
 * @throws ApiError APP.ROLE.9004 the name; APP.0001 no such application; APP.ROLE.9001 no such role
 */
export async function renameRole(
  { store }: { readonly store: Store },
  caller: Caller,
  id: RoleId,
  name: string | null,
): Promise<{ readonly roleId: string }> {
  checkRoleName(name)
  const key = { tenantId: caller.tenant.id, ...id }
  await store.transaction(async (repositories) => {
    await requireApplication(repositories, key.tenantId, key.applicationId)
    const before = await demandRole(key, (each) => repositories.applicationRoles.lock(each))
    const after = { ...before, name: name ?? undefined }
    if (before.name !== after.name) {
      await repositories.applicationRoles.update({ ...after, updatedAt: await repositories.now() })
      const detail = { fields: ['name'] }
      await repositories.audit.append(roleChanged(caller, key, 'application_role.updated', detail))
    }
  })
  return { roleId: id.roleId }
}
