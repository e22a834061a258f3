import type { Account, Repositories } from '../../store/store.ts'
import { newId } from '../new-id.ts'
import type { Caller } from '../permissions/caller.ts'
import type { RandomBytes } from '../randomness.ts'
import type { NewPublicAccount } from './account-calls.ts'
import { accountChanged } from './account-changed.ts'
import { placeAccount } from './place-account.ts'

/** Puts a new account there, with its row on record; the application and the user are known to stay. */
export async function insertAccount(
  repositories: Repositories,
  p: {
    readonly caller: Caller
    readonly random: RandomBytes
    readonly applicationId: string
    /** Undefined: a public account. */
    readonly userId: string | undefined
    readonly given: NewPublicAccount
  },
): Promise<string> {
  const { caller, applicationId, userId, given } = p
  const tenantId = caller.tenant.id
  const organizationId = await placeAccount(repositories, { tenantId, applicationId }, given.organizationCode)
  const now = await repositories.now()
  const account: Account = {
    tenantId,
    applicationId,
    id: newId(now, p.random),
    type: userId === undefined ? 'PUBLIC_ACCOUNT' : 'BASIC_ACCOUNT',
    accountName: given.accountName,
    name: given.name ?? undefined,
    userId,
    formerUserId: undefined,
    organizationId,
    disabled: given.disabled ?? false,
    extension: given.extension ?? {},
    createdAt: now,
    updatedAt: now,
  }
  await repositories.accounts.insert(account)
  const detail = { type: account.type, ...(userId === undefined ? {} : { userId }) }
  const key = { tenantId, applicationId, accountId: account.id }
  await repositories.audit.append(accountChanged(caller, key, 'account.created', detail))
  return account.id
}
