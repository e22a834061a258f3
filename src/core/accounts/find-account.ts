import { ApiError } from '../../errors/api-error.ts'
import type { Account, AccountKey, Repositories, Store } from '../../store/store.ts'
import { requireApplication } from '../applications/require-application.ts'
import type { Caller } from '../permissions/caller.ts'
import { isStorableText } from '../users/is-storable-text.ts'
import type { AccountId } from './account-calls.ts'

/**
 * An account of an application of the caller's tenant.
 * @throws ApiError APP.0001 no such application, APP.ACCOUNT.0028 no such account in it
 */
export async function findAccount(
  { store }: { readonly store: Pick<Store, 'read'> },
  caller: Caller,
  id: AccountId,
): Promise<Account> {
  const tenantId = caller.tenant.id
  await requireApplication(store.read, tenantId, id.applicationId)
  const account = isStorableText(id.accountId)
    ? await store.read.accounts.find({ tenantId, ...id })
    : undefined
  if (account === undefined) throw new ApiError('APP.ACCOUNT.0028')
  return account
}

/**
 * The account under its lock, after its application is known to be there.
 * @throws ApiError APP.0001, APP.ACCOUNT.0028
 */
export async function lockAccount(
  repositories: Pick<Repositories, 'applications' | 'accounts'>,
  key: AccountKey,
): Promise<Account> {
  await requireApplication(repositories, key.tenantId, key.applicationId)
  const account = isStorableText(key.accountId) ? await repositories.accounts.lock(key) : undefined
  if (account === undefined) throw new ApiError('APP.ACCOUNT.0028')
  return account
}
