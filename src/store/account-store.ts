import type { AccountType } from '../core/accounts/account-type.ts'

/** A user's account in an application. */
export interface Account {
  readonly tenantId: string
  readonly applicationId: string
  readonly id: string
  readonly type: AccountType
  /** Unique in the application. */
  readonly accountName: string
  readonly name: string | undefined
  /** Of a basic account only. A user has at most one in each application. */
  readonly userId: string | undefined
  /** Of an orphan: whose it was. */
  readonly formerUserId: string | undefined
  /** Of the application's own organisations. */
  readonly organizationId: string | undefined
  readonly disabled: boolean
  readonly extension: Readonly<Record<string, unknown>>
  readonly createdAt: number
  readonly updatedAt: number
}

/** Which account: ids are looked up within their tenant and application. */
export interface AccountKey {
  readonly tenantId: string
  readonly applicationId: string
  readonly accountId: string
}

export interface Page {
  /** From 0. */
  readonly pageIndex: number
  readonly pageSize: number
}

export interface AccountUser {
  readonly id: string
  readonly userName: string
  readonly disabled: boolean
}

export interface AccountRepository {
  find(key: AccountKey): Promise<Account | undefined>
  /** Takes the account's row lock and reads it. Comes after users' locks and the application's. */
  lock(key: AccountKey): Promise<Account | undefined>
  /** Ordered by id. */
  listPage(
    tenantId: string,
    applicationId: string,
    type: AccountType | undefined,
    page: Page,
  ): Promise<{ readonly total: number; readonly accounts: readonly Account[] }>
  /** The user's own and the public ones that the user uses, ordered by application, then id. */
  listOfUser(
    tenantId: string,
    userId: string,
    page: Page,
  ): Promise<{ readonly total: number; readonly accounts: readonly Account[] }>
  hasAccount(tenantId: string, userId: string, applicationId: string): Promise<boolean>
  insert(account: Account): Promise<void>
  /** Replaces what a change may touch: names, organisation, disabled, extension. */
  update(account: Account): Promise<void>
  delete(account: Account): Promise<void>
  /** Under the user's lock: the user's own accounts belong to nobody and are disabled afterwards; which ones. */
  orphanOfUser(tenantId: string, userId: string, at: number): Promise<readonly AccountKey[]>
  /** Accounts that were a removed user's are gone; which ones. */
  deleteOfFormerUser(tenantId: string, userId: string): Promise<readonly AccountKey[]>
  /** Id of the user of this name, who stays until the transaction ends; comes before the account's lock. */
  keepUserByName(tenantId: string, userName: string): Promise<string | undefined>
  /** Who uses a public account, ordered by id. */
  listUsers(
    key: AccountKey,
    page: Page,
  ): Promise<{ readonly total: number; readonly users: readonly AccountUser[] }>
  /** False: uses it already. */
  addUser(key: AccountKey, userId: string): Promise<boolean>
  /** False: did not use it. */
  removeUser(key: AccountKey, userId: string): Promise<boolean>
}
