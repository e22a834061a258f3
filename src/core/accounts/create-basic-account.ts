import { ApiError } from '../../errors/api-error.ts'
import type { Store } from '../../store/store.ts'
import { keepApplication } from '../applications/require-application.ts'
import type { Caller } from '../permissions/caller.ts'
import type { RandomBytes } from '../randomness.ts'
import { isStorableText } from '../users/is-storable-text.ts'
import type { AccountChanges } from './account-calls.ts'
import { checkAccount } from './check-account.ts'
import { insertAccount } from './insert-account.ts'
import { refuseTakenName } from './refuse-taken-name.ts'

/**
 * Gives a user an account in an application; without a name, it is the user's. Of any number of calls for one user at
 * the same time one does, and of any number with one name.
 * @throws ApiError APP.ACCOUNT.9001, APP.ACCOUNT.9002 an attribute; APP.0001 no such application; USER.0001 no such
 *   user; APP.ACC.0029 the user has an account in it; APP.ORG.0024 no such organisation of the application;
 *   APP.ACC.0013 the name is taken
 */
export async function createBasicAccount(
  deps: { readonly store: Store; readonly random: RandomBytes },
  caller: Caller,
  owner: { readonly applicationId: string; readonly userId: string },
  given: AccountChanges,
): Promise<{ readonly accountId: string }> {
  checkAccount(given)
  const { applicationId, userId } = owner
  const tenantId = caller.tenant.id
  return await refuseTakenName(
    deps.store.transaction(async (repositories) => {
      // the user's lock comes first; under it nobody else gives this user an account, or removes them
      const user = isStorableText(userId) ? await repositories.users.lock(tenantId, userId) : undefined
      await keepApplication(repositories, tenantId, applicationId)
      if (user === undefined) {
        throw new ApiError('USER.0001')
      }
      if (await repositories.accounts.hasAccount(tenantId, user.id, applicationId)) {
        throw new ApiError('APP.ACC.0029')
      }
      const accountId = await insertAccount(repositories, {
        caller,
        random: deps.random,
        applicationId,
        userId: user.id,
        given: { ...given, accountName: given.accountName ?? user.userName },
      })
      return { accountId }
    }),
  )
}
