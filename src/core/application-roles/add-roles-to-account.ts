import { ApiError } from '../../errors/api-error.ts'
import type { AccountKey, Repositories, Store } from '../../store/store.ts'
import type { AccountId } from '../accounts/account-calls.ts'
import { accountChanged } from '../accounts/account-changed.ts'
import { lockAccount } from '../accounts/find-account.ts'
import { requireApplication } from '../applications/require-application.ts'
import type { Caller } from '../permissions/caller.ts'
import { isStorableText } from '../users/is-storable-text.ts'
import { requireRoleModel } from './find-role.ts'
import type { BatchOutcome } from './role-calls.ts'

/**
 * Gives roles to one account. Each id ends in one of the two lists, in the order in which it came first: a role that is
 * not there has failed, one that the account has already is a success. What was done is on record, also where it is not
 * all that was asked for.
 * @throws ApiError APP.0001 no such application; APP.OBJECTMODEL.0006 it has no roles; APP.ACCOUNT.0028 no such
 *   account; APP.ROLE.0004 the account would have several roles and may not
 */
export async function addRolesToAccount(
  { store }: { readonly store: Store },
  caller: Caller,
  id: AccountId,
  roleIds: readonly string[],
): Promise<BatchOutcome> {
  const key = { tenantId: caller.tenant.id, ...id }
  return await store.transaction(async (repositories) => {
    const application = await requireApplication(repositories, key.tenantId, key.applicationId)
    requireRoleModel(application)
    await lockAccount(repositories, key)
    const before = new Set((await repositories.applicationRoles.listOfAccount(key)).map((role) => role.id))
    const { succeeded, failed } = await keepRoles(repositories, key, new Set(roleIds))
    const added = succeeded.filter((roleId) => !before.has(roleId))
    const isAllowed = application.objectModels.severalRoles || before.size + added.length <= 1
    if (added.length > 0 && !isAllowed) {
      throw new ApiError('APP.ROLE.0004')
    }
    for (const roleId of added) {
      await repositories.applicationRoles.addMember({ ...key, roleId }, key.accountId)
    }
    if (added.length > 0) {
      const detail = { roleIds: added, failed: failed.length }
      await repositories.audit.append(accountChanged(caller, key, 'account.roles_added', detail))
    }
    return { succeeded, failed }
  })
}

/** Which of the roles are there, and stay until the transaction ends. */
async function keepRoles(
  { applicationRoles }: Repositories,
  { tenantId, applicationId }: AccountKey,
  roleIds: ReadonlySet<string>,
): Promise<BatchOutcome> {
  const succeeded: string[] = []
  const failed: string[] = []
  for (const roleId of roleIds) {
    const isThere =
      isStorableText(roleId) && (await applicationRoles.keep({ tenantId, applicationId, roleId }))
    const list = isThere ? succeeded : failed
    list.push(roleId)
  }
  return { succeeded, failed }
}
