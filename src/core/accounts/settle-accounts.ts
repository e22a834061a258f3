import type { AuditActor } from '../../audit/audit-row.ts'
import type { Repositories } from '../../store/store.ts'
import { accountRow } from './account-changed.ts'

interface Removal {
  readonly tenantId: string
  readonly userId: string
  readonly actor: AuditActor
  readonly requestId: string | undefined
}

/**
 * Call under the user's lock, before the user is removed. True afterwards: each account that was the user's belongs to
 * nobody, is disabled, and is listed as an orphan until somebody deletes it. Public accounts lose the user with the row.
 */
export async function orphanAccounts(
  { accounts, audit }: Pick<Repositories, 'accounts' | 'audit'>,
  { tenantId, userId, actor, requestId, now }: Removal & { readonly now: number },
): Promise<void> {
  for (const key of await accounts.orphanOfUser(tenantId, userId, now)) {
    await audit.append(accountRow({ key, action: 'account.orphaned', actor, requestId, detail: { userId } }))
  }
}

/** Accounts that were a removed user's are gone: their names are the person's. How many. */
export async function eraseAccounts(
  { accounts, audit }: Pick<Repositories, 'accounts' | 'audit'>,
  { tenantId, userId, actor, requestId }: Removal,
): Promise<number> {
  const erased = await accounts.deleteOfFormerUser(tenantId, userId)
  for (const key of erased) {
    const detail = { type: 'ORPHAN_ACCOUNT', reason: 'user_erased' }
    await audit.append(accountRow({ key, action: 'account.removed', actor, requestId, detail }))
  }
  return erased.length
}
