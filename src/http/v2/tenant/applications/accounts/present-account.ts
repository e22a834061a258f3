import type { Account } from '../../../../../store/store.ts'

/** An account as the contract writes it (section 2.3). */
export function presentAccount(account: Account) {
  return {
    id: account.id,
    account_name: account.accountName,
    name: account.name ?? null,
    org_id: account.organizationId ?? null,
    account_type: account.type,
    disabled: account.disabled,
    attr_manager_id: account.userId ?? null, // the contract does not say whose id it is (decision 0023)
    extension: { ...account.extension },
  }
}
