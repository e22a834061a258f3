import { ApiError } from '../../errors/api-error.ts'
import type { ApplicationRole, Store } from '../../store/store.ts'
import type { AccountId } from '../accounts/account-calls.ts'
import { findAccount } from '../accounts/find-account.ts'
import { requireApplication } from '../applications/require-application.ts'
import type { Caller } from '../permissions/caller.ts'
import { requirePage } from '../require-page.ts'
import type { AccountRoles } from './role-calls.ts'

interface Deps {
  readonly store: Pick<Store, 'read'>
}

interface Page {
  readonly applicationId: string
  readonly pageIndex: number
  readonly pageSize: number
}

/** The contract has limits of its own for this one list (section 2.3). */
const PERMISSIONS_PAGE_SIZE = { min: 1, max: 50 }

/**
 * One page of an application's roles, in order of id.
 * @throws ApiError OAP.PAGE.0002, OAP.PAGE.0003; APP.0001 no such application
 */
export async function listRoles(
  { store }: Deps,
  caller: Caller,
  { applicationId, ...page }: Page,
): Promise<{ readonly total: number; readonly roles: readonly ApplicationRole[] }> {
  requirePage(page)
  await requireApplication(store.read, caller.tenant.id, applicationId)
  return await store.read.applicationRoles.listPage(caller.tenant.id, applicationId, page)
}

/** Roles of one account, in order of id. @throws ApiError APP.0001, APP.ACCOUNT.0028 */
export async function listRolesOfAccount(
  deps: Deps,
  caller: Caller,
  id: AccountId,
): Promise<readonly ApplicationRole[]> {
  await findAccount(deps, caller, id)
  return await deps.store.read.applicationRoles.listOfAccount({ tenantId: caller.tenant.id, ...id })
}

/**
 * A page of an application's accounts with the roles of each, in order of id; accounts without a role too.
 * @throws ApiError OAP.PAGE.0002 page size not 1…50, OAP.PAGE.0003; APP.0001 no such application
 */
export async function listRolesOfAccounts(
  { store }: Deps,
  caller: Caller,
  { applicationId, ...page }: Page,
): Promise<{ readonly total: number; readonly accounts: readonly AccountRoles[] }> {
  const { min, max } = PERMISSIONS_PAGE_SIZE
  if (!(Number.isInteger(page.pageSize) && page.pageSize >= min && page.pageSize <= max)) {
    throw new ApiError('OAP.PAGE.0002')
  }
  requirePage({ ...page, pageSize: 10 })
  const tenantId = caller.tenant.id
  await requireApplication(store.read, tenantId, applicationId)
  const { total, accounts } = await store.read.accounts.listPage(tenantId, applicationId, undefined, page)
  const ids = accounts.map((account) => account.id)
  const roles = await store.read.applicationRoles.listOfAccounts(tenantId, applicationId, ids)
  return {
    total,
    accounts: ids.map((accountId) => ({ accountId, roles: roles.get(accountId) ?? [] })),
  }
}
