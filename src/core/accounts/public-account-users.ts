import { ApiError } from '../../errors/api-error.ts'
import type { AccountKey, AccountUser, Repositories, Store } from '../../store/store.ts'
import { requireApplication } from '../applications/require-application.ts'
import type { Caller } from '../permissions/caller.ts'
import { requirePage } from '../require-page.ts'
import { isStorableText } from '../users/is-storable-text.ts'
import type { AccountId } from './account-calls.ts'
import { accountChanged } from './account-changed.ts'

interface Deps {
  readonly store: Store
}

/**
 * One page of who uses a public account, in order of id.
 * @throws ApiError OAP.PAGE.0002, OAP.PAGE.0003; APP.0001 no such application; APP.ACCOUNT.0038 no such public account
 */
export async function listUsersOfPublicAccount(
  { store }: Deps,
  caller: Caller,
  {
    applicationId,
    accountId,
    ...page
  }: AccountId & { readonly pageIndex: number; readonly pageSize: number },
): Promise<{ readonly total: number; readonly users: readonly AccountUser[] }> {
  requirePage(page)
  const key = { tenantId: caller.tenant.id, applicationId, accountId }
  await requireApplication(store.read, key.tenantId, applicationId)
  const account = isStorableText(accountId) ? await store.read.accounts.find(key) : undefined
  if (account?.type !== 'PUBLIC_ACCOUNT') {
    throw new ApiError('APP.ACCOUNT.0038')
  }
  return await store.read.accounts.listUsers(key, page)
}

/**
 * Lets users use a public account: all of them, or none. Who uses it already stays, and leaves no record.
 * @throws ApiError APP.0001 no such application; APP.ACCOUNT.0038 no such public account; USER.0001 nobody has one of the names
 */
export async function addUsersToPublicAccount(
  deps: Deps,
  caller: Caller,
  id: AccountId,
  userNames: readonly string[],
): Promise<{ readonly accountId: string }> {
  return await changeUsers(deps, caller, { id, userNames, action: 'account.users_added' })
}

/**
 * Takes a public account from users: all of them, or none. Who does not use it is no error.
 * @throws ApiError as `addUsersToPublicAccount`
 */
export async function removeUsersFromPublicAccount(
  deps: Deps,
  caller: Caller,
  id: AccountId,
  userNames: readonly string[],
): Promise<{ readonly accountId: string }> {
  return await changeUsers(deps, caller, { id, userNames, action: 'account.users_removed' })
}

async function changeUsers(
  { store }: Deps,
  caller: Caller,
  p: {
    readonly id: AccountId
    readonly userNames: readonly string[]
    readonly action: 'account.users_added' | 'account.users_removed'
  },
): Promise<{ readonly accountId: string }> {
  const key = { tenantId: caller.tenant.id, ...p.id }
  await store.transaction(async (repositories) => {
    const userIds = await keepUsers(repositories, key.tenantId, p.userNames)
    await lockPublicAccount(repositories, key)
    if (userIds === undefined) {
      throw new ApiError('USER.0001', { detail: 'user_names' })
    }
    const changed: string[] = []
    for (const userId of userIds) {
      const { accounts } = repositories
      const hasChanged =
        p.action === 'account.users_added'
          ? await accounts.addUser(key, userId)
          : await accounts.removeUser(key, userId)
      if (hasChanged) {
        changed.push(userId)
      }
    }
    if (changed.length > 0) {
      await repositories.audit.append(accountChanged(caller, key, p.action, { userIds: changed }))
    }
  })
  return { accountId: p.id.accountId }
}

/** Before the account's lock, as everywhere. Undefined: nobody has one of the names. */
async function keepUsers(
  { accounts }: Repositories,
  tenantId: string,
  userNames: readonly string[],
): Promise<readonly string[] | undefined> {
  const userIds = new Set<string>()
  for (const userName of userNames) {
    const userId = isStorableText(userName) ? await accounts.keepUserByName(tenantId, userName) : undefined
    if (userId === undefined) {
      return undefined
    }
    userIds.add(userId)
  }
  return [...userIds]
}

async function lockPublicAccount(repositories: Repositories, key: AccountKey): Promise<void> {
  await requireApplication(repositories, key.tenantId, key.applicationId)
  const account = isStorableText(key.accountId) ? await repositories.accounts.lock(key) : undefined
  if (account?.type !== 'PUBLIC_ACCOUNT') {
    throw new ApiError('APP.ACCOUNT.0038')
  }
}
