import type { Store } from '../../store/store.ts'
import { keepApplication } from '../applications/require-application.ts'
import type { Caller } from '../permissions/caller.ts'
import type { RandomBytes } from '../randomness.ts'
import type { NewPublicAccount } from './account-calls.ts'
import { checkAccount } from './check-account.ts'
import { insertAccount } from './insert-account.ts'
import { refuseTakenName } from './refuse-taken-name.ts'

/**
 * Makes an account that several users may use; nobody does yet.
 * @throws ApiError APP.ACCOUNT.9001, APP.ACCOUNT.9002 an attribute; APP.0001 no such application; APP.ORG.0024 no such
 *   organisation of the application; APP.ACC.0013 the name is taken
 */
export async function createPublicAccount(
  { store, random }: { readonly store: Store; readonly random: RandomBytes },
  caller: Caller,
  applicationId: string,
  given: NewPublicAccount,
): Promise<{ readonly accountId: string }> {
  checkAccount(given)
  return await refuseTakenName(
    store.transaction(async (repositories) => {
      await keepApplication(repositories, caller.tenant.id, applicationId)
      const account = { caller, random, applicationId, userId: undefined, given }
      return { accountId: await insertAccount(repositories, account) }
    }),
  )
}
