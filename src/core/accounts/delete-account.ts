import type { Store } from '../../store/store.ts'
import type { Caller } from '../permissions/caller.ts'
import type { AccountId } from './account-calls.ts'
import { accountChanged } from './account-changed.ts'
import { lockAccount } from './find-account.ts'

/**
 * Removes an account of any type, with its roles and its uses.
 * @throws ApiError APP.0001 no such application, APP.ACCOUNT.0028 no such account in it
 */
export async function deleteAccount(
  { store }: { readonly store: Store },
  caller: Caller,
  id: AccountId,
): Promise<void> {
  const key = { tenantId: caller.tenant.id, ...id }
  await store.transaction(async (repositories) => {
    const account = await lockAccount(repositories, key)
    await repositories.accounts.delete(account)
    await repositories.audit.append(accountChanged(caller, key, 'account.removed', { type: account.type }))
  })
}
