import { type AccountType, accountTypes } from '../core/accounts/account-type.ts'
import { normaliseKey } from '../core/users/normalise-key.ts'
import type { Account, AccountKey } from './account-store.ts'
import type { CountedKind } from './counts.ts'
import { flag, known, orNull } from './row-values.ts'
import type { AccountTable } from './tables.ts'

export const accountColumns = [
  'accounts.tenant_id',
  'accounts.application_id',
  'accounts.id',
  'accounts.account_type',
  'accounts.account_name',
  'accounts.name',
  'accounts.user_id',
  'accounts.former_user_id',
  'accounts.organization_id',
  'accounts.disabled',
  'accounts.extension_json',
  'accounts.created_at',
  'accounts.updated_at',
] as const

export type AccountRow = Omit<AccountTable, 'account_name_key'>

export function accountKind(applicationId: string, type: AccountType): CountedKind {
  return `account/${applicationId}/${type}`
}

/** What the accounts of an application are counted under. */
export function accountKinds(applicationId: string): readonly CountedKind[] {
  return accountTypes.map((type) => accountKind(applicationId, type))
}

export function toAccountRow(account: Account): AccountTable {
  return {
    tenant_id: account.tenantId,
    application_id: account.applicationId,
    id: account.id,
    account_type: account.type,
    user_id: orNull(account.userId),
    former_user_id: orNull(account.formerUserId),
    created_at: account.createdAt,
    ...toAccountChanges(account),
  }
}

/** What a change may touch. */
export function toAccountChanges(account: Account) {
  return {
    account_name: account.accountName,
    account_name_key: normaliseKey(account.accountName),
    name: orNull(account.name),
    organization_id: orNull(account.organizationId),
    disabled: flag(account.disabled),
    extension_json: JSON.stringify(account.extension),
    updated_at: account.updatedAt,
  } satisfies Partial<AccountTable>
}

export function toAccount(row: AccountRow): Account {
  return {
    tenantId: row.tenant_id,
    applicationId: row.application_id,
    id: row.id,
    type: row.account_type as AccountType,
    accountName: row.account_name,
    name: known(row.name),
    userId: known(row.user_id),
    formerUserId: known(row.former_user_id),
    organizationId: known(row.organization_id),
    disabled: row.disabled === 1,
    extension: JSON.parse(row.extension_json) as Record<string, unknown>,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

export function toAccountKey(row: Pick<AccountTable, 'tenant_id' | 'application_id' | 'id'>): AccountKey {
  return { tenantId: row.tenant_id, applicationId: row.application_id, accountId: row.id }
}
