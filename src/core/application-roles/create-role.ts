import { ApiError } from '../../errors/api-error.ts'
import { DuplicateError } from '../../errors/store-error.ts'
import type { Store } from '../../store/store.ts'
import { keepApplication } from '../applications/require-application.ts'
import { newId } from '../new-id.ts'
import type { Caller } from '../permissions/caller.ts'
import type { RandomBytes } from '../randomness.ts'
import { checkRoleCode, checkRoleName } from './check-role.ts'
import { requireRoleModel } from './find-role.ts'
import type { NewRole } from './role-calls.ts'
import { roleChanged } from './role-changed.ts'

/**
 * Makes a role. Of any number of calls with one code at the same time, one does.
 * @throws ApiError APP.ROLE.9003, APP.ROLE.9004 an attribute; APP.0001 no such application; APP.OBJECTMODEL.0006 it has
 *   no roles; APP.ROLE.9002 the code is taken
 */
export async function createRole(
  { store, random }: { readonly store: Store; readonly random: RandomBytes },
  caller: Caller,
  applicationId: string,
  given: NewRole,
): Promise<{ readonly roleId: string }> {
  checkRoleCode(given.code)
  checkRoleName(given.name)
  const tenantId = caller.tenant.id
  return await refuseTakenCode(
    store.transaction(async (repositories) => {
      requireRoleModel(await keepApplication(repositories, tenantId, applicationId))
      const now = await repositories.now()
      const key = { tenantId, applicationId, roleId: newId(now, random) }
      await repositories.applicationRoles.insert({
        tenantId,
        applicationId,
        id: key.roleId,
        code: given.code,
        name: given.name ?? undefined,
        createdAt: now,
        updatedAt: now,
      })
      await repositories.audit.append(roleChanged(caller, key, 'application_role.created'))
      return { roleId: key.roleId }
    }),
  )
}

async function refuseTakenCode<T>(writing: Promise<T>): Promise<T> {
  try {
    return await writing
  } catch (error) {
    if (error instanceof DuplicateError && error.constraint === 'application_roles_code') {
      throw new ApiError('APP.ROLE.9002', { detail: 'code' })
    }
    throw error
  }
}
