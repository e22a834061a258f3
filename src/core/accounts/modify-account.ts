import type { Account, Repositories, Store } from '../../store/store.ts'
import type { Caller } from '../permissions/caller.ts'
import type { AccountChanges, AccountId } from './account-calls.ts'
import { accountChanged } from './account-changed.ts'
import { checkAccount } from './check-account.ts'
import { lockAccount } from './find-account.ts'
import { placeAccount } from './place-account.ts'
import { refuseTakenName } from './refuse-taken-name.ts'

/**
 * Changes what is given and leaves the rest; whose account it is never changes. What is as it was already is no change
 * and leaves no record.
 * @throws ApiError APP.ACCOUNT.9001, APP.ACCOUNT.9002 an attribute; APP.0001 no such application; APP.ACCOUNT.0028 no
 *   such account; APP.ORG.0024 no such organisation of the application; APP.ACC.0013 the name is taken
 */
export async function modifyAccount(
  { store }: { readonly store: Store },
  caller: Caller,
  id: AccountId,
  changes: AccountChanges,
): Promise<{ readonly accountId: string }> {
  checkAccount(changes)
  const key = { tenantId: caller.tenant.id, ...id }
  return await refuseTakenName(
    store.transaction(async (repositories) => {
      const before = await lockAccount(repositories, key)
      const after = await withChanges(repositories, before, changes)
      const fields = changedFields(before, after)
      if (fields.length > 0) {
        await repositories.accounts.update({ ...after, updatedAt: await repositories.now() })
        await repositories.audit.append(accountChanged(caller, key, actionOf(fields, after), { fields }))
      }
      return { accountId: after.id }
    }),
  )
}

async function withChanges(
  repositories: Repositories,
  before: Account,
  changes: AccountChanges,
): Promise<Account> {
  const { organizationCode, name, extension } = changes
  return {
    ...before,
    accountName: changes.accountName ?? before.accountName,
    name: name === undefined ? before.name : (name ?? undefined),
    organizationId:
      organizationCode === undefined
        ? before.organizationId
        : await placeAccount(repositories, before, organizationCode),
    disabled: changes.disabled ?? before.disabled,
    extension: extension === null ? {} : (extension ?? before.extension),
  }
}

function actionOf(fields: readonly string[], after: Account): string {
  if (fields.join() !== 'disabled') {
    return 'account.updated'
  }
  return after.disabled ? 'account.disabled' : 'account.enabled'
}

/** By the wire's names, as everywhere on record. */
function changedFields(before: Account, after: Account): readonly string[] {
  const parts = (account: Account) => ({
    account_name: account.accountName,
    name: account.name,
    org_code: account.organizationId,
    disabled: account.disabled,
    extension: account.extension,
  })
  const [old, wanted] = [Object.entries(parts(before)), Object.values(parts(after))]
  return old.flatMap(([field, value], index) =>
    JSON.stringify(value) === JSON.stringify(wanted[index]) ? [] : [field],
  )
}
